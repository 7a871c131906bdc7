import type { Knex } from 'knex'
import { nameKeys } from '../../kernel/china/name-keys.ts'
import { companyPinyin, personPinyin } from '../../kernel/china/pinyin.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { fieldNamed, type Module } from '../../kernel/modules/module.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { kinds } from './kinds.ts'

type Builder = Knex.QueryBuilder
type Finder = (ids: Builder, typed: string) => Builder

const keyed =
  (table: string, key: string): Finder =>
  (ids, typed) =>
    ids.from(table).where(key, foldKey(typed)).select('id')

/** The ids of the records of a kind that are called so; names of a million records have no index of their own. */
const finders: Record<string, Finder> = {
  customers: (ids, typed) =>
    ids
      .from('customer_keys')
      .where({ kind: 'exact', value_key: nameKeys(typed).exact })
      .select('customer_id'),
  contacts: (ids, typed) =>
    ids
      .from('contacts')
      .where({ name_pinyin: personPinyin(typed).full, name: typed })
      .whereNull('deleted_at')
      .select('id'),
  users: (ids, typed) =>
    ids
      .from('users')
      .where({ name: typed })
      .orWhere({ username_key: foldKey(typed) })
      .select('id'),
}

/** Those of declared modules, by the title. */
const declaredFinders = () => Object.fromEntries(declaredModules().map((module) => [module.name, titled(module)]))

const titled = (module: Module): Finder =>
  fieldNamed(module, module.title).isUnique
    ? keyed(module.name, `${module.title}_key`)
    : (ids, typed) =>
        ids
          .from(module.name)
          .where({ [`${module.title}_pinyin`]: companyPinyin(typed).full, [module.title]: typed })
          .select('id')

const coded = ['customers', 'contacts']
const gone = ['list_views']

/** Entries about one record, by its id, code or whole name, also when it is gone. */
export const recordFilter: Filter = {
  name: 'record',
  label: text.auditLog.recordFilter,
  kind: 'text',
  // As a query of its own: it is always small, and must not be looked for in all that the other filters find.
  apply: (query, typed) => query.whereIn('events.id', (ids: Builder) => entriesAbout(ids, typed)),
}

function entriesAbout(ids: Builder, typed: string) {
  const about = (any: Builder, kind: string, records: (inner: Builder) => Builder) =>
    any.orWhere((one: Builder) => one.where('about.record_type', kind).whereIn('about.record_id', records))
  ids
    .from('events as about')
    .select('about.id')
    .where((any: Builder) => {
      if (/^\d{1,9}$/.test(typed))
        any.orWhere((one: Builder) =>
          one
            .whereIn(
              'about.record_type',
              kinds().map(({ value }) => value),
            )
            .where('about.record_id', Number(typed)),
        )
      for (const [kind, find] of Object.entries({ ...declaredFinders(), ...finders }))
        about(any, kind, (inner) => find(inner, typed))
      for (const kind of coded) about(any, kind, (inner) => keyed(kind, 'code_key')(inner, typed))
      for (const kind of [...gone, ...declaredModules().map(({ name }) => name)])
        about(any, kind, (inner) => removed(inner, kind, typed))
    })
}

const removed = (inner: Builder, kind: string, typed: string) =>
  inner
    .from('events as removed')
    .where({ 'removed.record_type': kind, 'removed.record_name': typed })
    .whereIn('removed.action', ['delete', 'purge'])
    .select('removed.record_id')
