import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Change } from '../../kernel/web/list-query.ts'
import { departmentsBelow } from '../../people/departments/people.ts'
import { type Analysis, filterNamed } from './analyses.ts'
import type { Conditions } from './conditions.ts'

/** One row of an analysis: the stored values it stands for, what asks the customer list for them, what leads deeper. */
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
  /** Only those that have customers, the most first. */
  isSparse: boolean
}

/** The field of an analysis: which choices there are depends on what is chosen already. */
export function dimensionOf(analysis: Analysis, conditions: Conditions, reference: Reference): Dimension {
  if (analysis.way === 'departments') return departments(analysis, conditions, reference)
  const column = analysis.way === 'places' ? placeColumn(conditions, reference) : analysis.filter.name
  const options = filterNamed(column).options(reference, conditions.filters)
  const isDeeper = analysis.way === 'places' && column !== 'district_code'
  return {
    label: analysis.way === 'places' ? filterNamed(column).label : analysis.label,
    column,
    choices: options.map((option) => ({
      label: option.label,
      keys: [option.value],
      isActive: option.isActive,
      behind: { [column]: option.value },
      deeper: isDeeper ? { [column]: option.value } : null,
    })),
    unfilled: { label: text.analysis.unfilled, keys: [], behind: { f: [`${column}:empty`] } },
    isSparse: analysis.way !== 'choices',
  }
}

/** Provinces, the cities of a province, the districts of a city or of a municipality. */
function placeColumn({ filters }: Conditions, reference: Reference): string {
  if (!filters.province_code) return 'province_code'
  const hasCities = filterNamed('city_code').options(reference, filters).length > 0
  return filters.city_code || !hasCities ? 'district_code' : 'city_code'
}

/** The departments below the one that is chosen, each with all below it, and the people of that one itself. */
function departments(analysis: Analysis, { department }: Conditions, reference: Reference): Dimension {
  const chosen = department ? Number(department) : null
  const below = reference.departments.filter(({ parent_id }) => parent_id === chosen)
  const own = reference.people.filter(({ department_id }) => department_id === chosen).map(({ id }) => String(id))
  const itself = { label: text.analysis.itself, keys: own, behind: { f: [`own_department_id:is:${chosen}`] } }
  return {
    label: analysis.label,
    column: analysis.filter.name,
    choices: [...below.map(({ id, name }) => departmentChoice(id, name, reference)), ...(chosen ? [itself] : [])],
    unfilled: { label: text.analysis.noDepartment, keys: [], behind: { f: ['department_id:empty'] } },
    isSparse: true,
  }
}

function departmentChoice(id: number, label: string, reference: Reference): Choice {
  const within = departmentsBelow(reference, id)
  const people = reference.people.filter(({ department_id }) => within.has(department_id as number))
  const hasBelow = within.size > 1
  return {
    label,
    keys: people.map((one) => String(one.id)),
    behind: { f: [`department_id:is:${id}`] },
    deeper: hasBelow ? { department_id: String(id) } : null,
  }
}

/** All values of a dimension, to count by. */
export const keysOf = ({ choices }: Dimension) => choices.flatMap(({ keys }) => keys)
