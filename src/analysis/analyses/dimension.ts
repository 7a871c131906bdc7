import type { Reference } from '../../kernel/reference.ts'
import type { Change } from '../../kernel/web/list-query.ts'
import { departmentsBelow } from '../../people/departments/people.ts'
import { text } from '../../texts/index.ts'
import { askedOf } from './asking.ts'
import type { Conditions } from './conditions.ts'
import type { Analysis, ChoiceFilter } from './sources.ts'

/** One row of an analysis: the stored values it stands for, what asks the list for them, what leads deeper. */
export type Choice = {
  label: string
  keys: string[]
  isActive?: boolean
  behind: Change
  deeper?: Change | null
}

/** A field as it is counted under some conditions; `unfilled` are those without a value. */
export type Dimension = {
  label: string
  column: string
  choices: Choice[]
  unfilled: Choice
  /** Only those that have records, the most first. */
  isSparse: boolean
}

/** The field of an analysis: which choices there are depends on what is chosen already. */
export function dimensionOf(analysis: Analysis, conditions: Conditions, reference: Reference): Dimension {
  if (analysis.way === 'departments') return departments(analysis, conditions, reference)
  const level = levelOf(analysis, conditions, reference)
  const name = level?.name ?? (analysis.column.split('.')[1] as string)
  const options = (level ?? analysis).options(reference, conditions.filters)
  const isDeeper = level !== undefined && level !== analysis.levels?.at(-1)
  return {
    label: level?.label ?? analysis.label,
    column: level ? `${conditions.source.list.table}.${name}` : analysis.column,
    choices: options.map((option) => ({
      label: option.label,
      keys: [option.value],
      isActive: option.isActive,
      behind: askedOf(conditions.source, name, option.value),
      deeper: isDeeper ? { [name]: option.value } : null,
    })),
    unfilled: { label: text.analysis.unfilled, keys: [], behind: { f: [`${name}:empty`] } },
    isSparse: analysis.way !== 'choices',
  }
}

/** The first level of which none is chosen and that has something to choose, or the last: the cities of a province, the districts of a municipality. */
function levelOf({ levels }: Analysis, { filters }: Conditions, reference: Reference): ChoiceFilter | undefined {
  const isOpen = (level: ChoiceFilter) => !filters[level.name] && level.options(reference, filters).length > 0
  return levels?.find(isOpen) ?? levels?.at(-1)
}

/** The departments below the one that is chosen, each with all below it, and the people of that one itself. */
function departments(analysis: Analysis, conditions: Conditions, reference: Reference): Dimension {
  const { within, itself: own } = conditions.source.owned?.departments ?? { within: '', itself: '' }
  const chosen = conditions.department ? Number(conditions.department) : null
  const below = reference.departments.filter(({ parent_id }) => parent_id === chosen)
  const people = reference.people.filter(({ department_id }) => department_id === chosen).map(({ id }) => String(id))
  const itself = { label: text.analysis.itself, keys: people, behind: { f: [`${own}:is:${chosen}`] } }
  return {
    label: analysis.label,
    column: analysis.column,
    choices: [
      ...below.map(({ id, name }) => departmentChoice(id, name, within, reference)),
      ...(chosen ? [itself] : []),
    ],
    unfilled: { label: text.analysis.noDepartment, keys: [], behind: { f: [`${within}:empty`] } },
    isSparse: true,
  }
}

function departmentChoice(id: number, label: string, condition: string, reference: Reference): Choice {
  const within = departmentsBelow(reference, id)
  const people = reference.people.filter(({ department_id }) => within.has(department_id as number))
  const hasBelow = within.size > 1
  return {
    label,
    keys: people.map((one) => String(one.id)),
    behind: { f: [`${condition}:is:${id}`] },
    deeper: hasBelow ? { [condition]: String(id) } : null,
  }
}

/** All values of a dimension, to count by. */
export const keysOf = ({ choices }: Dimension) => choices.flatMap(({ keys }) => keys)
