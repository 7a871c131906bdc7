import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { ConditionField } from './conditions.ts'
import { departmentOptions } from './options.ts'

/** Conditions about the departments of those whose records are: of one with all below it, and of one itself, by their names. */
export function departmentConditions(owner: string, names: { within: string; itself: string }): ConditionField[] {
  const within: ConditionField = {
    name: names.within,
    label: text.list.department,
    operators: ['is', 'in', 'empty'],
    control: 'choice',
    options: departmentOptions,
    parse: (typed, reference) => departmentOptions(reference).find(({ value }) => value === typed) && Number(typed),
    apply: (query, { operator, values }) =>
      query.whereIn(owner, (people: Knex.QueryBuilder) => {
        people.from('users').select('users.id')
        if (operator === 'empty') return people.whereNull('users.department_id')
        return people.whereIn('users.department_id', (below: Knex.QueryBuilder) =>
          below
            .from('department_paths')
            .whereIn('ancestor_id', values as number[])
            .select('descendant_id'),
        )
      }),
  }
  const itself: ConditionField = {
    ...within,
    name: names.itself,
    label: text.list.ownDepartment,
    operators: ['is', 'in'],
    apply: (query, { values }) =>
      query.whereIn(owner, (people: Knex.QueryBuilder) =>
        people
          .from('users')
          .whereIn('users.department_id', values as number[])
          .select('users.id'),
      ),
  }
  return [within, itself]
}
