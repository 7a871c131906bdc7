import { ownersOf } from '../../kernel/modules/catalogue.ts'
import { departmentNames, listOf } from '../../kernel/modules/list.ts'
import { type Module, type ModuleField, rightOf } from '../../kernel/modules/module.ts'
import { ownerPlace, visibleRows } from '../../kernel/modules/records.ts'
import { inDays } from '../../kernel/web/conditions.ts'
import type { FieldKind } from '../../kernel/web/fields.ts'
import { type Option, peopleOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import type { Analysis, ChoiceFilter, DaysFilter, Source, Sum } from './sources.ts'

const made = new WeakMap<Module, Source>()

/** A declared module, as analyses count its records. */
export function sourceOf(module: Module): Source {
  const known = made.get(module)
  if (known) return known
  const source = makeSource(module)
  made.set(module, source)
  return source
}

function makeSource(module: Module): Source {
  const { name, label, fields } = module
  const counted = fields.filter(isCounted)
  const days = [
    ...fields.filter(isDay).map((field) => dayOf(module, field)),
    instantsOf(module, { name: 'created_at', label: text.analysis.createdOn }),
  ]
  const usual = usualDay(module, days)
  return {
    name,
    label,
    list: listOf(module),
    permission: rightOf(module, 'view'),
    rows: (db, viewer) => visibleRows(db, module, viewer),
    ...(ownersOf(module) && {
      owned: { reach: (viewer) => viewer.scope(rightOf(module, 'view')), departments: departmentNames },
    }),
    analyses: [
      ...counted.map((field) => choices(module, field, usual)),
      ...departments(module, usual),
      ...days.map((day) => growth(module, day)),
    ],
    filters: counted.map((field) => ({ ...filterOf(module, field), mask: field.mask })),
    inSight: counted.filter(({ isFilter }) => isFilter).map((field) => field.name),
    sums: fields.flatMap((field) => sumOf(module, field)),
  }
}

/** A choice among few, a person or a department, or what is ticked or not. */
const isCounted = ({ kind, options, isLinked }: ModuleField) =>
  kind.control === 'check' || (kind.control === 'choice' && !kind.isMany && !isLinked && options !== undefined)

const yesOrNo = (): Option[] => [
  { value: 'true', label: text.form.yes },
  { value: 'false', label: text.form.no },
]
const optionsOf = ({ kind, options }: ModuleField) => (kind.control === 'check' ? yesOrNo : (options ?? (() => [])))

const isDay = ({ kind }: ModuleField) => kind.control === 'day' || kind.control === 'instant'

type Named = Pick<ModuleField, 'name' | 'label'>
const columnOf = ({ name }: Module, field: { name: string }) => `${name}.${field.name}`
const pathOf = ({ name }: Module, analysis: string) => `/analysis/${name}/${analysis}`

function choices(module: Module, field: ModuleField, day: DaysFilter): Analysis {
  const { name, label, options, mask } = field
  return {
    name,
    title: text.analysis.titleOf(module.label, label),
    label,
    path: pathOf(module, name),
    column: columnOf(module, field),
    options: optionsOf(field),
    way: options === peopleOptions ? 'people' : 'choices',
    day,
    periodLabel: text.analysis.periodLabel(day.label),
    mask,
  }
}

/** Those of people by the departments of these. */
function departments(module: Module, day: DaysFilter): Analysis[] {
  const column = ownerPlace(module)
  if (!column) return []
  return [
    {
      name: 'departments',
      title: text.analysis.titleOf(module.label, text.analysis.department),
      label: text.analysis.department,
      path: pathOf(module, 'departments'),
      column,
      options: peopleOptions,
      way: 'departments',
      day,
      periodLabel: text.analysis.periodLabel(day.label),
    },
  ]
}

const growth = (module: Module, day: DaysFilter & { mask?: ModuleField['mask'] }): Analysis => ({
  name: day.name,
  title: text.analysis.growthOf(module.label, day.label),
  label: text.analysis.month,
  path: pathOf(module, day.name),
  column: day.column,
  options: () => [],
  way: 'growth',
  day,
  periodLabel: text.analysis.periodLabel(day.label),
  mask: day.mask,
})

function filterOf(module: Module, field: ModuleField): ChoiceFilter {
  const { name, label, kind } = field
  const column = columnOf(module, field)
  const read = kind.control === 'check' ? (value: string) => value === 'true' : readId(name)
  return {
    name,
    label,
    kind: 'choice',
    options: optionsOf(field),
    apply: (query, value) => query.where(column, read(value)),
  }
}

const readId = (name: string) => (name.endsWith('_id') ? Number : String)

const dayOf = (module: Module, field: ModuleField): DaysFilter & Pick<ModuleField, 'mask'> => ({
  ...(field.kind.control === 'day' ? daysOf(module, field) : instantsOf(module, field)),
  mask: field.mask,
})

const daysOf = (module: Module, { name, label }: Named): DaysFilter => ({
  name,
  label,
  kind: 'days',
  column: columnOf(module, { name }),
})

/** The days in China of instants. */
function instantsOf(module: Module, field: Named): DaysFilter {
  const days = daysOf(module, field)
  return { ...days, apply: (rows, { from, to }) => inDays(rows, days.column, from, to) }
}

/** The day a period is about where the analysis is not about one: that which is a filter of the list, the first, or when it was made. */
function usualDay({ fields }: Module, days: DaysFilter[]): DaysFilter {
  const filters = fields.filter(({ isFilter, mask }) => isFilter && !mask).map(({ name }) => name)
  return (
    days.find(({ name }) => filters.includes(name)) ?? (days.find((day) => !('mask' in day && day.mask)) as DaysFilter)
  )
}

/** What numbers are multiplied by as they are stored, and the places they are shown with. */
const stored: Partial<Record<FieldKind['control'], Pick<Sum, 'times' | 'places' | 'unit'>>> = {
  number: { times: 1, places: 0, unit: '' },
  money: { times: 100, places: 2, unit: text.analysis.yuan },
  decimal: { times: 1_000_000, places: 6, unit: '' },
}

function sumOf(module: Module, field: ModuleField): Sum[] {
  const { name, label, kind, places, unit, mask } = field
  const number = stored[kind.control]
  if (!number) return []
  const said = { ...(places !== undefined && { places }), ...(unit !== undefined && { unit }) }
  return [{ name, label, column: columnOf(module, field), ...number, ...said, mask }]
}
