import type { Knex } from 'knex'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { type Module, nameOf } from '../../kernel/modules/module.ts'
import { rowsReachedBy } from '../../kernel/modules/rows.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import type { Party, Recipient, To } from './merge.ts'
import { addressedBelow, addressField, rootOf } from './written-to.ts'

/** A record with the id of what it hangs on at last. */
type Row = { id: number; root_id: number } & Record<string, unknown>

type Nullable<T> = { [column in keyof T]: T[column] | null }

/** A record one may write to, and where; null where no address is known. */
export type Found = { id: number; name: string; recipient: Recipient | null }

/** The records of a module that this person may write to. */
const rowsOf = (db: Knex, viewer: Viewer, module: Module): Knex.QueryBuilder =>
  rowsReachedBy(db, module, viewer, 'mail.create').select(`${module.name}.*`, `${rootOf(module).name}.id as root_id`)

const rowsAmong = (db: Knex, viewer: Viewer, module: Module, ids: number[]): Promise<Row[]> =>
  rowsOf(db, viewer, module).whereIn(`${module.name}.id`, ids).orderBy(`${module.name}.id`)

/** What of a record stands in a message, as who writes may read it. */
function partyOf(module: Module, row: Row, viewer: Viewer): Party {
  const seen: Record<string, unknown> = maskRow(row, module.fields, viewer)
  const { short_name = null, kind, sex = null } = seen as Record<string, string | null>
  return { name: nameOf(module, seen), shortName: short_name, sex: kind === 'company' ? null : sex }
}

type Shown = { root: Module; top: Row; viewer: Viewer }

function recipientOf(module: Module, row: Row, { root, top, viewer }: Shown): Recipient | null {
  const field = addressField(module)
  const address = field && row[field.name]
  if (!address) return null
  const party = partyOf(module, row, viewer)
  return {
    record_type: root.name,
    record_id: top.id,
    recipient_type: module.name,
    recipient_id: row.id,
    name: party.name,
    address: String(address),
    party,
    record: partyOf(root, top, viewer),
  }
}

type Hanging = { recipient: Recipient; isMain: boolean }

/** Those that hang on records and have an address, by these: the main ones first, none for one who may not see them. */
async function hangingBy(db: Knex, viewer: Viewer, root: Module, tops: Row[]): Promise<Map<number, Hanging[]>> {
  const found = new Map<number, Hanging[]>(tops.map(({ id }) => [id, []]))
  for (const module of addressedBelow(root)) {
    const ids = [...found.keys()]
    const rows: Row[] = await rowsOf(db, viewer, module).whereIn(`${root.name}.id`, ids).orderBy(`${module.name}.id`)
    for (const row of rows) {
      const top = tops.find(({ id }) => id === row.root_id) as Row
      const recipient = recipientOf(module, row, { root, top, viewer })
      if (recipient) found.get(top.id)?.push({ recipient, isMain: Boolean(row.is_main) })
    }
  }
  for (const some of found.values()) some.sort((a, b) => Number(b.isMain) - Number(a.isMain))
  return found
}

/** All that can be written to at one record that stands by itself: those that hang on it, then its own address. */
export async function recipientsAt(db: Knex, viewer: Viewer, root: Module, id: number): Promise<Recipient[]> {
  const [top] = await rowsAmong(db, viewer, root, [id])
  if (!top) return []
  const hanging = (await hangingBy(db, viewer, root, [top])).get(top.id) ?? []
  return [...hanging.map(({ recipient }) => recipient), recipientOf(root, top, { root, top, viewer })].filter(
    (one) => one !== null,
  )
}

/** The one that a message to one is written to, as it stands now; undefined where that one is no longer reached. */
export async function recipientNow(db: Knex, viewer: Viewer, to: Nullable<To>): Promise<Recipient | undefined> {
  const root = moduleNamed(to.record_type ?? '')
  const recipients = root ? await recipientsAt(db, viewer, root, to.record_id as number) : []
  return recipients.find((one) => one.recipient_type === to.recipient_type && one.recipient_id === to.recipient_id)
}

/**
 * Whom a message to each of these records goes to: to itself where it hangs on another, else to the main one of those that
 * hang on it, else to itself, else to any of them.
 */
export async function recipientsOf(db: Knex, viewer: Viewer, module: Module, ids: number[]): Promise<Found[]> {
  const root = rootOf(module)
  const rows = await rowsAmong(db, viewer, module, ids)
  const tops = root === module ? rows : await rowsAmong(db, viewer, root, [...new Set(rows.map((row) => row.root_id))])
  const byId = new Map(tops.map((top) => [top.id, top]))
  const hanging = root === module ? await hangingBy(db, viewer, root, tops) : new Map<number, Hanging[]>()
  return rows.map((row) => {
    const top = byId.get(row.root_id)
    const itself = top ? recipientOf(module, row, { root, top, viewer }) : null
    const [first] = hanging.get(row.id) ?? []
    const recipient = (first?.isMain && first.recipient) || itself || (first?.recipient ?? null)
    return { id: row.id, name: partyOf(module, row, viewer).name, recipient }
  })
}
