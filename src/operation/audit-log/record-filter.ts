import type { Knex } from 'knex'
import { companyPinyin, personPinyin } from '../../kernel/china/pinyin.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { keyedTexts } from '../../kernel/db/keyed-texts.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { kinds } from './kinds.ts'

type Builder = Knex.QueryBuilder
type Finder = (ids: Builder, typed: string) => Builder

const keyed =
  (table: string, key: string): Finder =>
  (ids, typed) =>
    ids.from(table).where(key, foldKey(typed)).select('id')

/** How the ids of the records of a module are found by what one of them is called, each way by an index. */
function findersOf(module: Module): Finder[] {
  const once = keyedTexts().filter(({ table }) => table === module.name)
  const isOnce = once.some(({ text }) => text === module.title)
  return [...once.map(({ table, key }) => keyed(table, key)), ...(isOnce ? [] : [module.named ?? titled(module)])]
}

/** By the title, in the order of its pinyin: that of names of people or of others. */
const titled =
  ({ name, title, bin }: Module): Finder =>
  (ids, typed) => {
    const spelled = [companyPinyin(typed).full, personPinyin(typed).full]
    ids
      .from(name)
      .whereIn(`${title}_pinyin`, [...new Set(spelled)])
      .where(title, typed)
    return (bin ? ids.whereNull('deleted_at') : ids).select('id')
  }

/** Those that are no declared module and can be gone. */
const others = ['list_views']

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
      for (const module of declaredModules())
        for (const find of findersOf(module)) about(any, module.name, (inner) => find(inner, typed))
      for (const kind of [...others, ...declaredModules().map(({ name }) => name)])
        about(any, kind, (inner) => removed(inner, kind, typed))
    })
}

const removed = (inner: Builder, kind: string, typed: string) =>
  inner
    .from('events as removed')
    .where({ 'removed.record_type': kind, 'removed.record_name': typed })
    .whereIn('removed.action', ['delete', 'purge'])
    .select('removed.record_id')
