import type { Knex } from 'knex'
import { type Contact, eraseContacts, saveContact } from '../../../customers/contacts/contact.ts'
import { type Customer, saveCustomer } from '../../../customers/customers/customer.ts'
import { eraseCustomers } from '../../../customers/customers/erasure.ts'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import { recordEvent, storedChanges } from '../../../kernel/history/history.ts'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { type Reference, referenceAt } from '../../../kernel/reference.ts'
import { text } from '../../../kernel/texts/index.ts'
import type { Values } from '../../../kernel/web/form.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import type { Actor } from '../../../kernel/web/session.ts'
import type { Taken } from '../applying/applied.ts'
import { removeUnused } from '../applying/made-entries.ts'
import { type Import, saveImport } from '../import.ts'
import { importOf } from '../work.ts'

const batchSize = 200

type Undo = { one: Import; actor: Actor; reference: Reference }

/**
 * Takes back what an import did, as far as nobody changed it since: customers it made go with their contacts, then
 * contacts it made at others, then what it changed becomes what it was, then options that nobody uses. What stays is
 * marked as kept. Rows that are done
 * are gone from import_rows, so that it can be gone on with.
 */
export async function undoImport(run: JobRun): Promise<string> {
  const one = await importOf(run)
  for (const [record_type, action] of orders) await undoAll(run, one, { record_type, action })
  await removeUnused(run, one)
  const kept = await countKept(run.db, one.id)
  await run.step(async (trx) => {
    await saveImport(trx, one.id, { state: 'undone' })
    const record_name = `${one.rows_undone} ${one.file_name}`
    await recordEvent(trx, run.actor, { action: 'undo', record_type: 'imports', record_id: one.id, record_name })
  })
  return text.imports.undo.outcome(showCount(one.rows_undone), showCount(kept))
}

const orders = [
  ['customers', 'create'],
  ['contacts', 'create'],
  ['contacts', 'change'],
  ['customers', 'change'],
] as const

type Sort = Pick<Taken, 'record_type' | 'action'>

async function undoAll(run: JobRun, one: Import, sort: Sort) {
  for (;;) {
    const reference = await referenceAt(run.db, await currentRevision(run.db))
    const rows: Taken[] = await run
      .db('import_rows')
      .where({ import_id: one.id, is_kept: false, ...sort })
      .orderBy('id', 'desc')
      .limit(batchSize)
    if (rows.length === 0) return
    const undone = await run.step(async (trx) => {
      const { done, count } = await undoSome(trx, { one, actor: run.actor, reference }, rows)
      await settle(trx, rows, done)
      const rows_undone = one.rows_undone + count
      run.job.done_count = rows_undone
      await saveImport(trx, one.id, { rows_undone })
      return rows_undone
    })
    one.rows_undone = undone
  }
}

/** The ids of the rows that could be undone, and how many a person counts as such. */
async function undoSome(trx: Knex, undo: Undo, rows: Taken[]) {
  const [{ record_type, action }] = rows as [Taken]
  if (action === 'create' && record_type === 'customers') return removeCustomers(trx, undo, rows)
  const done = await (action === 'change' ? restore : removeContacts)(trx, undo, rows)
  return { done, count: done.size }
}

async function settle(trx: Knex, rows: Taken[], done: Set<number>) {
  const ids = rows.map(({ id }) => id)
  await trx('import_rows')
    .whereIn(
      'id',
      ids.filter((id) => done.has(id)),
    )
    .delete()
  await trx('import_rows')
    .whereIn(
      'id',
      ids.filter((id) => !done.has(id)),
    )
    .update({ is_kept: true })
}

const idsOf = (rows: Taken[]) => rows.map(({ record_id }) => record_id)

/**
 * Those still as they were made, with no contacts but unchanged ones of this import and no files. Of an import of
 * contacts it is these that count: they were what was brought.
 */
async function removeCustomers(trx: Knex, { one, actor }: Undo, rows: Taken[]) {
  const ids = idsOf(rows)
  const versions = new Map(rows.map(({ record_id, version }) => [record_id, version]))
  const customers: Customer[] = await trx('customers').whereIn('id', ids).whereNull('deleted_at')
  const touched = await touchedBesides(trx, one, ids)
  const gone = customers.filter(({ id, version }) => versions.get(id) === version && !touched.has(id))
  const goneIds = new Set(gone.map(({ id }) => id))
  const contacts = await trx('import_rows')
    .where({ import_id: one.id, record_type: 'contacts' })
    .whereIn(
      'record_id',
      trx('contacts')
        .whereIn('customer_id', [...goneIds])
        .select('id'),
    )
    .delete()
  await eraseCustomers(trx, gone, actor)
  const done = new Set(rows.filter(({ record_id }) => goneIds.has(record_id)).map(({ id }) => id))
  return { done, count: one.kind === 'contacts' ? contacts : done.size }
}

/** The customers with a file, or with a contact that is not of this import or was changed since. */
async function touchedBesides(trx: Knex, { id: import_id }: Import, ids: number[]): Promise<Set<number>> {
  const foreign = trx('contacts')
    .whereIn('customer_id', ids)
    .whereNotExists(
      trx('import_rows')
        .where({ import_id, record_type: 'contacts', action: 'create' })
        .where('import_rows.record_id', trx.ref('contacts.id'))
        .where('import_rows.version', trx.ref('contacts.version')),
    )
  const files = trx('files').where({ record_type: 'customers' }).whereIn('record_id', ids)
  return new Set<number>([...(await foreign.pluck('customer_id')), ...(await files.pluck('record_id'))])
}

/**
 * Contacts go unless somebody changed them. Those of a customer that is kept stay with it, as others go with theirs:
 * neither are counted or named besides their customers.
 */
async function removeContacts(trx: Knex, { one, actor }: Undo, rows: Taken[]): Promise<Set<number>> {
  const rowOf = new Map(rows.map((row) => [row.record_id, row]))
  const contacts: Contact[] = await trx('contacts').whereIn('id', idsOf(rows)).whereNull('deleted_at')
  const unchanged = contacts.filter(({ id, version }) => rowOf.get(id)?.version === version)
  const kept = new Set<number>(
    await trx('import_rows')
      .where({ import_id: one.id, record_type: 'customers', action: 'create', is_kept: true })
      .whereIn('record_id', [...new Set(unchanged.map(({ customer_id }) => customer_id))])
      .pluck('record_id'),
  )
  const [staying, gone] = [true, false].map((is) => unchanged.filter((contact) => kept.has(contact.customer_id) === is))
  const rowIds = (list: Contact[] = []) => list.map(({ id }) => (rowOf.get(id) as Taken).id)
  await trx('import_rows').whereIn('id', rowIds(staying)).delete()
  await eraseContacts(trx, gone ?? [], actor)
  return new Set(rowIds(gone))
}

/** Sets records back to what stood in them before, where they still stand at the version of the import. */
async function restore(trx: Knex, { actor, reference }: Undo, rows: Taken[]): Promise<Set<number>> {
  const done = new Set<number>()
  for (const row of rows) {
    const { record_type, record_id, version } = row
    const before = await trx(record_type).where({ id: record_id, version }).whereNull('deleted_at').first()
    if (!before) continue
    const save = { version, values: await valuesBefore(trx, row), actor, reference }
    if (record_type === 'customers') await saveCustomer(trx, record_id, save)
    else await saveContact(trx, before, save)
    done.add(row.id)
  }
  return done
}

/** What stood in the fields that the import changed, from the history: of several changes the first knows. */
async function valuesBefore(trx: Knex, { record_type, record_id, base_version, version }: Taken): Promise<Values> {
  const events: { changes: string | null }[] = await trx('events')
    .where({ record_type, record_id })
    .whereBetween('record_version', [base_version + 1, version])
    .orderBy('id', 'desc')
    .select('changes')
  const changes = events.flatMap(({ changes }) => storedChanges(changes))
  return Object.fromEntries(changes.map(({ field, before }) => [field, before]))
}

/** How many records of an import were kept because somebody changed them. */
export async function countKept(db: Knex, import_id: number): Promise<number> {
  const row = await db('import_rows').where({ import_id, is_kept: true }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}
