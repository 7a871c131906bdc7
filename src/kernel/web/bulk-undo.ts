import type { Knex } from 'knex'
import { storedChanges } from '../history/history.ts'
import type { Reference } from '../reference.ts'
import type { RecordVersion } from './bulk.ts'
import type { Field } from './fields.ts'
import type { Values } from './form.ts'
import type { RecordKind } from './record.ts'

/** What stood in the changed fields of each record before it came to stand as in `acted`, as its history has it. */
export async function valuesBefore(
  trx: Knex,
  { table, fields }: Pick<RecordKind, 'table' | 'fields'>,
  acted: RecordVersion[],
  since: string,
): Promise<Map<number, Values>> {
  const versions = new Map(acted.map(({ id, version }) => [id, version]))
  const names = new Set(fields.map(({ name }) => name))
  const events: { record_id: number; record_version: number; changes: string }[] = await trx('events')
    .where({ record_type: table })
    .whereIn('record_id', [...versions.keys()])
    .where('occurred_at', '>=', since)
    .whereNotNull('changes')
    .select('record_id', 'record_version', 'changes')
  // Of the facts of an event, like the reason of a transfer, none is a field.
  const fieldsBefore = (changes: string): Values =>
    Object.fromEntries(
      storedChanges(changes)
        .filter(({ field }) => names.has(field))
        .map(({ field, before }) => [field, before]),
    )
  return new Map(
    events
      .filter(({ record_id, record_version }) => versions.get(record_id) === record_version)
      .map(({ record_id, changes }) => [record_id, fieldsBefore(changes)]),
  )
}

type Given = { fields: Field[]; reference: Reference; ownerColumn?: string }

/** Without those whose value is gone since: an entry that was deleted, a person who left. */
export async function stillUsable(trx: Knex, before: Map<number, Values>, { fields, reference, ownerColumn }: Given) {
  const left = new Set<number>(await trx('users').where({ status: 'left' }).pluck('id'))
  const isThere = ([name, value]: [string, unknown]) => {
    const field = fields.find((one) => one.name === name)
    if (value === null || field?.kind.isMany) return true
    if (name === ownerColumn) return !left.has(value as number)
    const options = field?.options?.(reference)
    return !options || options.some((option) => option.value === String(value))
  }
  return new Map([...before].filter(([, values]) => Object.entries(values).every(isThere)))
}
