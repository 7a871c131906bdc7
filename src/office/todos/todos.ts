import type { Module, ModuleField } from '../../kernel/modules/module.ts'
import { choice, code, day, type FieldKind, integer, line, long } from '../../kernel/web/fields.ts'
import { instant } from '../../kernel/web/instant-kind.ts'
import { link } from '../../kernel/web/link-kind.ts'
import { type Option, peopleOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import { todoCard } from './card.ts'
import { begun, checked, followed } from './hooks.ts'
import { todoList } from './list.ts'
import { offDayWays, repeatRules } from './recurrence.ts'

const { said, fields: labels, hints, groups, priorities, rules, offDays } = text.todos

const field = (name: keyof typeof labels, kind: FieldKind, more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  kind,
  hint: hints[name as keyof typeof hints],
  ...more,
})

const coded = <Code extends string>(codes: readonly Code[], names: Record<Code, string>, tones = {}) => {
  const options = codes.map((value): Option => ({ value, label: names[value], tone: tones[value as never] }))
  return { options: () => options }
}
const hidden = { column: { isHidden: true } }
const repeating = ['repeat_rule', 'repeat_until_on', 'repeat_count', 'repeat_off_days'] as const

/** 「待办事项」 [S11]: for oneself, or given to others by whoever may. */
export const todos: Module = {
  name: 'todos',
  path: '/todos',
  ...said,
  group: 'own',
  fields: [
    field('subject', line, { max: 200, isRequired: true, isWide: true }),
    field('due_at', instant, { isRequired: true, isFilter: true }),
    field('owner_id', choice, { options: peopleOptions, isFilter: true }),
    field('giver_id', choice, { options: peopleOptions, isFilter: true }),
    field('priority', code, {
      ...coded(['high', 'normal', 'low'], priorities, { high: 'orange' }),
      isRequired: true,
      isFilter: true,
    }),
    field('state', code, {
      ...coded(['open', 'done'], text.turning.states, { done: 'green' }),
      isRequired: true,
      isFilter: true,
    }),
    field('customer_id', link, { to: 'customers', isFilter: true }),
    field('notes', long, { max: 4000, isWide: true, ...hidden }),
    field('repeat_rule', code, { ...coded(repeatRules, rules), ...hidden }),
    field('repeat_until_on', day, hidden),
    field('repeat_count', integer, hidden),
    field('repeat_off_days', code, { ...coded(offDayWays, offDays), ...hidden }),
  ],
  groups: [
    {
      title: groups.what,
      fields: ['subject', 'due_at', 'owner_id', 'giver_id', 'priority', 'state', 'customer_id', 'notes'].map(named),
    },
    { title: groups.repeating, fields: repeating.map(named) },
  ],
  short: ['subject', 'due_at', 'owner_id', 'priority', 'customer_id', 'notes'],
  title: 'subject',
  head: {
    marks: { priority: labels.priority, state: labels.state },
    facts: ['due_at', 'owner_id', 'giver_id', 'customer_id'],
  },
  owner: { by: 'owner_id' },
  giver: 'giver_id',
  acts: ['view', 'create', 'update', 'delete', 'export', 'print', 'transfer'],
  search: ['subject', 'notes'],
  bin: true,
  preset: {
    sales_manager: 'all',
    marketing: 'all',
    sales: ['view', 'create', 'update', 'delete', 'print'],
    service: ['view', 'create', 'update', 'delete', 'print'],
    finance: ['view', 'create', 'update', 'delete', 'print'],
    warehouse: ['view', 'create', 'update', 'delete', 'print'],
    user: ['view', 'create', 'update', 'delete', 'print'],
  },
  list: todoList,
  card: todoCard,
  hooks: {
    begin: begun,
    check: checked,
    saved: followed,
    removing: async (trx, { id }) => void (await trx('todos').where({ previous_id: id }).update({ previous_id: null })),
  },
}

function named(name: string) {
  return { name }
}
