import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { upsert } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { code, type Field, long } from '../../kernel/web/fields.ts'
import type { Values } from '../../kernel/web/form.ts'
import { sizes } from '../../kernel/web/list-query.ts'
import type { Option } from '../../kernel/web/options.ts'
import { changesBetween, eventOf, type RecordKind, Stale } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

const t = text.options

const choices = (options: Option[]) => () => options
const densities = Object.entries(t.densities).map(([value, label]) => ({ value, label }))
const enterKeys = Object.entries(t.enterKeys).map(([value, label]) => ({ value, label }))
const perPage = sizes.map((size) => ({ value: String(size), label: t.rows(size) }))

/** The fields of the options; the pages to start with are those the person may open. */
export const optionFields = (pages: Option[]): Field[] => [
  { name: 'start_page', label: t.startPage, kind: code, options: choices(pages), hint: t.usual },
  {
    name: 'rows_per_page',
    label: t.rowsPerPage,
    kind: {
      ...code,
      parse: (...typed) => Number(code.parse(...typed)),
      show: (value) => (value ? t.rows(Number(value)) : ''),
    },
    options: choices(perPage),
    hint: t.rowsHint,
  },
  { name: 'density', label: t.density, kind: code, options: choices(densities) },
  { name: 'enter_key', label: t.enterKey, kind: code, options: choices(enterKeys), hint: t.enterKeyHint },
  { name: 'signature', label: t.signature, kind: long, max: 1000, isWide: true, hint: t.signatureHint },
]

export const optionKind = (pages: Option[]): RecordKind => ({
  table: 'user_options',
  fields: optionFields(pages),
  nameOf: (row) => String(row.name),
})

export type StoredOptions = { id: number; name: string; version: number } & Values

/** The options of a person; version 1 stands for none so far. */
export async function findOptions(db: Knex, user: { id: number; name: string }): Promise<StoredOptions> {
  const none = { signature: null, start_page: null, density: null, rows_per_page: null, enter_key: null, version: 1 }
  const row = await db('user_options').where({ user_id: user.id }).first(Object.keys(none))
  return { ...none, ...row, id: user.id, name: user.name }
}

type Save = { kind: RecordKind; version: number; values: Values; actor: Actor; reference: Reference }

/** Saves options that still stand at `version`, throws Stale otherwise. */
export async function saveOptions(trx: Knex, user: { id: number; name: string }, save: Save) {
  // First, because its row makes two saves wait for each other.
  await bumpRevision(trx)
  const before = await findOptions(trx, user)
  const changes = changesBetween(save.kind.fields, before, save.values, save.reference)
  if (changes.length === 0) return
  if (before.version !== save.version) throw new Stale()
  const version = save.version + 1
  const row = { ...save.values, updated_at: new Date().toISOString(), version }
  await upsert(trx, 'user_options', { user_id: user.id }, row)
  await recordEvent(trx, save.actor, {
    ...eventOf(save.kind, before),
    action: 'update',
    record_version: version,
    changes,
  })
}
