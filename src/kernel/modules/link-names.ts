import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { companyPinyin, personPinyin } from '../china/pinyin.ts'
import { isText } from '../db/dialect.ts'
import { foldKey } from '../db/fold-key.ts'
import type { Asking } from '../web/conditions.ts'
import type { Field } from '../web/fields.ts'
import type { Values } from '../web/form.ts'
import { link, type Match, type Named } from '../web/link-kind.ts'
import { maskRow } from '../web/masks.ts'
import type { Viewer } from '../web/viewer.ts'
import { linesIn } from './lines.ts'
import { type LinkTarget, targetNamed } from './link-targets.ts'

type Row = { id: number } & Record<string, unknown>

/** The fields among these that point at records of a module. */
export const linksAmong = <F extends Field>(fields: F[]): F[] => fields.filter(({ kind }) => kind === link)

/** The fields with the names of what rows of them point at, as far as this person may see it; the history knows all names. */
export async function withNames<F extends Field>(
  db: Knex,
  viewer: Viewer | 'history',
  fields: F[],
  rows: Values[],
): Promise<F[]> {
  const links = linksAmong(fields)
  const named = new Map<string, Partial<Field>>()
  for (const { name, to = '' } of links) {
    const ids = [...new Set(rows.flatMap((row) => (row[name] ? [Number(row[name])] : [])))]
    named.set(name, { named: ids.length > 0 ? await namesOf(db, viewer, to, ids) : new Map() })
  }
  for (const { name, lines } of fields)
    if (lines && linksAmong(lines).length > 0)
      named.set(name, {
        lines: await withNames(
          db,
          viewer,
          lines,
          rows.flatMap((row) => linesIn(row[name])),
        ),
      })
  return named.size > 0 ? fields.map((field) => ({ ...field, ...named.get(field.name) })) : fields
}

const idsAtOnce = 400

async function namesOf(db: Knex, viewer: Viewer | 'history', to: string, ids: number[]) {
  const names = new Map<number, Named>()
  const target = targetNamed(to)
  if (!target || (viewer !== 'history' && !viewer.can(target.view))) return names
  const reached = (rows: Knex.QueryBuilder) => (viewer === 'history' ? rows : target.reached(db, rows, viewer))
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce)
    const read = (rows: Knex.QueryBuilder): Promise<Row[]> =>
      reached(rows).whereIn(`${target.name}.id`, some).select(columnsOf(target))
    for (const row of await read(target.living(db))) names.set(row.id, nameOf(target, row, viewer))
    const isAll = some.every((id) => names.has(id))
    for (const row of isAll || !target.binned ? [] : await read(target.binned(db)))
      names.set(row.id, goneOf(nameOf(target, row, viewer)))
  }
  return names
}

const columnsOf = ({ name, title, codes, leading }: LinkTarget) => [
  ...new Set(['id', title, ...codes, ...leading].map((column) => `${name}.${column}`)),
]

function nameOf({ title, codes: [code = ''], fields, href }: LinkTarget, row: Row, viewer: Viewer | 'history'): Named {
  const read = viewer === 'history' ? row : maskRow(row, fields, viewer)
  const plain = String(read[title] ?? '')
  return { text: plain, plain, code: (read[code] ?? null) as string | null, href: href(row) }
}

const goneOf = ({ plain, code }: Named): Named => ({ text: text.form.link.gone(plain), plain, code, isGone: true })

/** Of more records of one name it is not said which they are. */
export const mostAlike = 20
const lookedAt = 100

/** The records that this person may see and that have just this code, or else just this name. */
export async function exactMatches(db: Knex, viewer: Viewer, to: string, typed: string): Promise<Match[]> {
  const target = targetNamed(to)
  if (!target || !viewer.can(target.view) || typed === '') return []
  const { name, title, codes } = target
  const key = foldKey(typed)
  const rows = () => target.reached(db, target.living(db), viewer).select(columnsOf(target))
  const said = (row: Row): Match => {
    const { plain, code } = nameOf(target, row, viewer)
    return { id: row.id, name: plain, code }
  }
  for (const code of codes) {
    const [row]: Row[] = await rows().where(`${name}.${code}_key`, key).limit(1)
    if (row) return [said(row)]
  }
  if (isMaskedTitle(target, viewer)) return []
  const spelled = [...new Set([companyPinyin(typed).full, personPinyin(typed).full])]
  const alike: Row[] = await rows().whereIn(`${name}.${title}_pinyin`, spelled).orderBy(`${name}.id`).limit(lookedAt)
  return alike
    .filter((row) => foldKey(String(row[title])) === key)
    .slice(0, mostAlike)
    .map(said)
}

/**
 * The ids of the records with one of these codes or names, among those this person may see, as queries: each way has an
 * index of its own, which one question for all would not use.
 */
export function rowsNamed({ db, viewer }: Asking, to: string, typed: string[]): Knex.QueryBuilder[] {
  const target = targetNamed(to)
  if (!target || !viewer.can(target.view)) return []
  const { name, title, codes } = target
  const rows = () => target.reached(db, target.living(db), viewer).select(`${name}.id`)
  const spelled = typed.flatMap((one) => [companyPinyin(one).full, personPinyin(one).full])
  const byTitle = () => isText(rows().whereIn(`${name}.${title}_pinyin`, spelled), `${name}.${title}`, typed)
  return [
    ...codes.map((code) => rows().whereIn(`${name}.${code}_key`, typed.map(foldKey))),
    ...(isMaskedTitle(target, viewer) ? [] : [byTitle()]),
  ]
}

/** The ids among these of records that this person may see, of those in the recycle bin too, as queries. */
export function rowsSeen({ db, viewer }: Asking, to: string, ids: number[]): Knex.QueryBuilder[] {
  const target = targetNamed(to)
  if (!target || !viewer.can(target.view)) return []
  const { name } = target
  return [target.living(db), ...(target.binned ? [target.binned(db)] : [])].map((rows) =>
    target.reached(db, rows, viewer).whereIn(`${name}.id`, ids).select(`${name}.id`),
  )
}

/** Who must not read names whole finds nobody by them. */
const isMaskedTitle = ({ fields, title }: LinkTarget, viewer: Viewer) =>
  fields.some(({ name, mask }) => name === title && mask !== undefined && viewer.isMasked(mask))
