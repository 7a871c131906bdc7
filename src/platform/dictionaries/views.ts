import type { FastifyRequest } from 'fastify'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { type Module, rightOf } from '../../kernel/modules/module.ts'
import type { Reference } from '../../kernel/reference.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { type Dictionary, dictionaryGroups } from './dictionaries.ts'
import type { StoredEntry } from './entry.ts'
import type { Count, Use } from './uses.ts'

const texts = text.dictionaries

/** The settings page: every dictionary with the number of its entries, by group. */
export function dictionariesView(reference: Reference) {
  const groups = dictionaryGroups.map(({ label, dictionaries }) => ({
    label,
    links: dictionaries.map(({ name, label }) => ({
      label,
      href: `/dictionaries/${name}`,
      note: texts.entries(showCount(reference.dictionary(name).length)),
    })),
  }))
  const places = {
    label: texts.groups.places,
    links: [{ label: texts.divisions, href: '/dictionaries/divisions', note: '' }],
  }
  return { title: texts.title, groups: [...groups, places] }
}

/** The entries of one dictionary in their order, each with the number of records that have it. */
export function entriesView(
  request: FastifyRequest,
  { name, label }: Dictionary,
  reference: Reference,
  counts: Map<number, Count>,
) {
  const path = `/dictionaries/${name}`
  const entries = reference.dictionary(name)
  const actions = [{ label: text.actions.create, href: `${path}/new`, kind: 'primary' }]
  return {
    title: label,
    actions: request.can('dictionaries.create') ? actions : [],
    rows: entries.map((entry, index) => {
      const { living = 0, binned = 0, at } = counts.get(entry.id) ?? {}
      return {
        ...entry,
        path: `${path}/${entry.id}`,
        isFirst: index === 0,
        isLast: index === entries.length - 1,
        count: showCount(living),
        binned: binned > 0 ? texts.inBin(showCount(binned)) : '',
        countHref: at ? listWith(request, at, entry.id) : null,
      }
    }),
  }
}

/** The list of the records that have an entry, for who may see it. */
function listWith(request: FastifyRequest, { table, column, module }: Use, id: number): string | null {
  if (!request.can(module ? rightOf(module, 'view') : `${table}.view`)) return null
  if (!module) return `/${table}?${column}=${id}`
  const field = module.name === table && isActive(module) && module.fields.find(({ name }) => name === column)
  if (!field || (field.mask && request.viewer.isMasked(field.mask))) return null
  return `${module.path}?${field.isFilter ? `${column}=${id}` : `f=${column}:is:${id}`}`
}

const isActive = ({ name }: Module) => moduleNamed(name) !== undefined

/** The question before an entry that nothing uses is deleted, for views/shared/_confirm.eta. */
export const removalView = (entry: StoredEntry, path: string) => ({
  title: texts.deletion,
  text: texts.deletionText(entry.label),
  details: texts.deletionDetails,
  action: `${path}/${entry.id}/deletion`,
  submitLabel: texts.confirm,
  isDanger: true,
  cancelHref: path,
  hidden: [{ name: 'version', value: String(entry.version) }],
})

/** The choice for an entry that is in use: its records get another entry, or it is switched off. */
export function choiceView(
  entry: StoredEntry,
  path: string,
  { count, reference, error }: { count: Count; reference: Reference; error?: string },
) {
  return {
    title: texts.deletion,
    text: texts.inUse(entry.label, showCount(count.living + count.binned)),
    note: count.binned > 0 ? texts.inUseBin(showCount(count.binned)) : null,
    error,
    action: `${path}/${entry.id}/deletion`,
    cancelHref: path,
    version: entry.version,
    isActive: entry.is_active,
    targets: reference.dictionary(entry.dictionary).filter(({ id, is_active }) => is_active && id !== entry.id),
  }
}
