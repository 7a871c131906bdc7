import type { Module, ModuleField } from '../kernel/modules/module.ts'
import { line, long } from '../kernel/web/fields.ts'
import { text } from '../texts/index.ts'

const { label, fields: labels, hints, empty } = text.competitors

const field = (name: keyof typeof labels, more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  hint: hints[name as keyof typeof hints],
  kind: long,
  max: 1000,
  isWide: true,
  ...more,
})
const short = { kind: line, max: 100, isWide: false }

/** 「竞争对手」 [S16]: what is known of them. */
export const competitors: Module = {
  name: 'competitors',
  path: '/competitors',
  label,
  words: { empty },
  group: 'customers',
  fields: [
    field('name', { ...short, isRequired: true, isUnique: true }),
    field('size', short),
    field('products'),
    field('prices'),
    field('strengths'),
    field('weaknesses'),
    field('notes', { max: 4000, column: { isHidden: true } }),
  ],
  title: 'name',
  head: { facts: ['size'] },
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'export', 'print'],
  search: ['name', 'products'],
  preset: { sales: ['view'], user: ['view'], sales_manager: 'all', marketing: 'all' },
}
