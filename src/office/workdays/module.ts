import type { Module } from '../../kernel/modules/module.ts'
import { code, day, line } from '../../kernel/web/fields.ts'
import { fieldError } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'

const { said, fields: labels, kinds, hints, twice } = text.workdays
const options = Object.entries(kinds).map(([value, label]) => ({
  value,
  label,
  tone: value === 'off' ? 'green' : 'orange',
}))

/** 「节假日和调休」: as published each autumn for the next year, imported from a table. */
export const workdays: Module = {
  name: 'workdays',
  path: '/workdays',
  ...said,
  group: 'settings',
  fields: [
    { name: 'name', label: labels.name, hint: hints.name, kind: line, max: 30, isRequired: true },
    { name: 'held_on', label: labels.held_on, kind: day, isRequired: true, isFilter: true },
    { name: 'kind', label: labels.kind, kind: code, options: () => options, isRequired: true, isFilter: true },
  ],
  title: 'name',
  head: { marks: { kind: labels.kind }, facts: ['held_on'] },
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'import', 'export', 'print'],
  search: ['name'],
  preset: { sales_manager: ['view'], sales: ['view'], marketing: ['view'], service: ['view'], user: ['view'] },
  list: (list) => ({ ...list, order: { column: 'workdays.held_on', order: 'desc', isFilled: true } }),
  hooks: {
    async check({ trx }, { held_on }, before) {
      const other = await trx('workdays')
        .where({ held_on: held_on as string })
        .first('id')
      return other && other.id !== before?.id ? [fieldError({ name: 'held_on', label: labels.held_on }, twice)] : []
    },
  },
}
