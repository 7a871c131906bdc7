import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { foldKey } from '../db/fold-key.ts'
import type { Reference } from '../reference.ts'
import type { Column, ListQuery, Row } from '../web/list.ts'
import { listPage } from '../web/list-page.ts'
import { listAddress, readListQuery } from '../web/list-query.ts'
import { countText } from '../web/list-view.ts'
import type { Viewer } from '../web/viewer.ts'
import { reasonIn, unexplainedParts } from './reason.ts'
import type { SearchSource } from './source.ts'
import { searchTerms } from './terms.ts'

/** So many hits of each module stand on the page of all. */
const most = 5

export type Asked = { q: string; viewer: Viewer; reference: Reference }

/** The query of a list for what was typed into the box. */
const queryFor = ({ list }: SearchSource, { q, viewer, reference }: Asked): ListQuery =>
  readListQuery(list, { q }, { reference, viewer })

/** Where a list shows all that was found. */
export const allAddress = (source: SearchSource, asked: Asked) => listAddress(source.list.path, queryFor(source, asked))

/** The address of the only record that has exactly this code, among what this person may see. */
export async function exactHit(db: Knex, sources: SearchSource[], { q, viewer }: Asked): Promise<string | undefined> {
  const key = foldKey(q)
  const found: string[] = []
  for (const { list, codes, href } of sources)
    for (const code of codes) {
      const rows: Row[] = await list.rows(db, viewer).where(`${list.table}.${code}`, key).limit(2)
      found.push(...rows.map(href))
    }
  return found.length === 1 ? found[0] : undefined
}

/** The first hits of a source with the reason of each, as views/shared/_table.eta shows them, and how many there are. */
export async function groupOf(db: Knex, source: SearchSource, asked: Asked, { per = most, isBrief = false } = {}) {
  const { list, fields, title, beside } = source
  const named = (name: string) => list.columns.find((column) => column.name === name) as Column
  const shown = beside.map(named)
  const looked = [title, ...beside, ...fields.map(({ name }) => name)]
  const columns = list.columns.filter(({ name }) => looked.includes(name))
  const found = await listPage(db, list, { ...queryFor(source, asked), columns, per, isBrief })
  const reasons = await reasonsOf(db, source, found.rows, shown, asked)
  return {
    title: list.title,
    total: found.total,
    all: { text: text.searching.all(countText(found)), href: allAddress(source, asked) },
    columns: [named(title), ...shown].map(({ label, align }) => ({ label, align })).concat(reasonColumn),
    rows: found.rows.map((row) => ({
      id: row.id,
      cells: [
        { text: String(row[title] ?? ''), href: source.href(row) },
        ...shown.map((column) => column.cell(row, asked.reference)),
        { text: reasons.get(row.id) ?? '' },
      ],
    })),
  }
}

const reasonColumn = [{ label: text.searching.why, align: undefined }]

/** Why rows were found, where their names do not say it. */
async function reasonsOf(db: Knex, source: SearchSource, rows: Row[], shown: Column[], asked: Asked) {
  const { viewer, reference, q } = asked
  const parts = searchTerms(q)?.parts ?? []
  const reasons = new Map<number, string>()
  const unexplained = []
  for (const row of rows) {
    const left = unexplainedParts(row, source, parts)
    const cells = shown.map((column) => ({ label: column.label, shown: column.cell(row, reference).text }))
    const reason = left.length > 0 ? reasonIn(row, source, cells, { parts: left, reference }) : ''
    if (reason) reasons.set(row.id, reason)
    else if (left.length > 0) unexplained.push({ id: row.id, parts: left })
  }
  const others = unexplained.length > 0 ? await source.reasons?.(db, viewer, unexplained) : undefined
  for (const [id, reason] of others ?? []) reasons.set(id, reason)
  return reasons
}
