import type { Knex } from 'knex'
import { type Repeated, repeatedKeys } from '../../kernel/db/repeated-keys.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { askingFor, isReached } from '../../kernel/modules/reach.ts'
import { editPathOf } from '../../kernel/modules/record-address.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import type { Item } from './facts.ts'

const t = text.system.repeated
const most = 50

type Row = Repeated['row']

/** Where a record is given another text. What is no declared module is everybody's own. */
function editPathIn(table: string, row: Row): string {
  const module = moduleNamed(table)
  return module ? editPathOf(module, row as never) : `/${table.replace('_', '-')}/${row.id}/edit`
}

/** The records that share a text with another, a sentence for each that this person may see, and how many others there are. */
export async function repeatedFacts(db: Knex, viewer: Viewer): Promise<Item[]> {
  const all = await repeatedKeys(db)
  const shown: Item[] = []
  for (const one of all) if (shown.length < most && (await isSeen(db, one, viewer))) shown.push(itemOf(one))
  const hidden = all.length - shown.length
  return [...shown, ...(hidden > 0 ? [{ label: t.others, text: t.unseen(showCount(hidden)), isWide: true }] : [])]
}

async function isSeen(db: Knex, { keyed: { table }, row }: Repeated, viewer: Viewer): Promise<boolean> {
  const module = moduleNamed(table)
  if (!module) return row.user_id === viewer.id
  return isReached(db, module, askingFor(module, viewer, 'update'), row)
}

/** What a text is called: its field, or in other tables the kind of record. */
function labelOf(table: string, text: string): string {
  const module = moduleNamed(table)
  const label = module?.fields.find(({ name }) => name === text)?.label ?? ''
  if (!module) return t.kinds[table] ?? table
  return label.startsWith(module.label) ? label : `${module.label} ${label}`
}

function itemOf({ keyed: { table, text }, row, other }: Repeated): Item {
  const own = String(row[text])
  const href = row.deleted_at ? '/recycle-bin' : editPathIn(table, row)
  const said = other ? t.same(own, String(other[text])) : t.once(own)
  return {
    label: labelOf(table, text),
    text: said,
    isWide: true,
    href,
  }
}
