import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { conditionAddress } from './condition-address.ts'
import { type ConditionField, conditionText, makeCondition, type Operator } from './conditions.ts'
import { fieldView, optionViews } from './field-view.ts'
import type { Field } from './fields.ts'
import { typedIn } from './form.ts'
import { pickedId } from './link-pick.ts'
import type { List, ListQuery } from './list.ts'
import { actsFor } from './list-acts.ts'
import { shownColumns } from './list-columns.ts'
import { listAddress, listParameters, wholeQuery } from './list-query.ts'

type Typed = Record<string, unknown>

/** What a list offers to adjust, open only where it was asked for: its forms would be a third of every page. */
export function adjustViews(list: List, query: ListQuery, typed: Typed, reference: Reference) {
  const added = fieldAdded(list, typed)
  return {
    columnChooser: list.isAdjustable && typed.adjust === 'columns' ? columnsView(list, query) : null,
    columnsHref: list.isAdjustable ? listAddress(list.path, query, { adjust: 'columns' }) : null,
    adding: added ? addingView(list, query, added, typed, reference) : null,
  }
}

/** The chooser of columns as views/shared/_columns.eta wants it: those shown first, in their order. */
function columnsView(list: List, query: ListQuery) {
  const shown = shownColumns(list, query)
  const others = list.columns.filter((column) => !shown.includes(column))
  return {
    path: list.path,
    items: [...shown, ...others].map(({ name, label, heading = label }, index) => ({
      name,
      label: heading,
      isShown: index < shown.length,
      place: index < shown.length ? index + 1 : null,
    })),
    hidden: listParameters(query, { columns: null, page: null }),
    isKept: Boolean(query.kept && (query.kept.columns || query.kept.sort || query.kept.per || query.kept.widths?.size)),
  }
}

/** The words and the conditions that are set, each with the address of the list without it. */
export const conditionViews = (list: List, query: ListQuery, reference: Reference) => [
  ...(list.search && query.q ? [wordsView(list, query)] : []),
  ...(query.conditions ?? []).map((condition) => ({
    label: condition.field.label,
    text: conditionText(condition, reference, query.links),
    removeHref: listAddress(list.path, query, {
      f: (query.conditions ?? []).filter((other) => other !== condition).map(conditionAddress),
      page: null,
    }),
  })),
]

const wordsView = (list: List, query: ListQuery) => ({
  label: text.list.search,
  text: query.q,
  removeHref: listAddress(list.path, query, { q: null, page: null }),
})

/** The form that adds a condition to the field chosen beside the filters (`add_field`), as views/shared/_add-condition.eta wants it. */
function addingView(list: List, query: ListQuery, field: ConditionField, typed: Typed, reference: Reference) {
  return {
    path: list.path,
    hidden: listParameters(query, { page: null }),
    chosen: chosenView(field, typed, reference),
    cancelHref: listAddress(list.path, query),
  }
}

function chosenView(field: ConditionField, typed: Typed, reference: Reference) {
  const values = valuesTyped(typed)
  const operator = typedIn(typed, 'add_operator')
  const operators = field.control === 'choice' ? field.operators.filter((one) => one !== 'is') : field.operators
  return {
    name: field.name,
    label: field.label,
    control: field.control,
    operators: operators.map((value) => ({ value, label: text.list.operators[value], isSelected: value === operator })),
    options: field.options && optionViews(field.options(reference), values),
    values,
    link: field.link && linkView(field.link, values[0] ?? '', reference),
    error: operator ? text.list.valueMissing : null,
  }
}

/** Where the record is looked up that a condition is about. */
const linkView = (field: Field, value: string, reference: Reference) => ({
  ...fieldView({ ...field, name: 'add_value', isRequired: false }, { add_value: value }, [], reference),
  choose: text.form.link.choose,
  id: 'condition-value',
})

function fieldAdded(list: List, typed: Typed) {
  const added = typedIn(typed, 'add_field')
  return added ? list.conditions?.find(({ name }) => name === added) : undefined
}

/** A record that was chosen, else what was typed. */
function linkTyped({ kind }: Field, typed: Typed): string[] {
  const values = valuesTyped(typed)
  const id = pickedId(typed, 'add_value', values[0] ?? '')
  return id === undefined ? values : [kind.write(id)]
}

const valuesTyped = (typed: Typed) => [typed.add_value ?? []].flat().map(String)

/** The address of a list whose form was sent, without the fields of the form; undefined when none was. */
export function adjustedAddress(list: List, query: ListQuery, typed: Typed, reference: Reference) {
  const field = fieldAdded(list, typed)
  const operator = typedIn(typed, 'add_operator') as Operator
  if (field?.operators.includes(operator)) {
    const added = makeCondition(
      field,
      operator,
      field.link ? linkTyped(field.link, typed) : valuesTyped(typed),
      reference,
    )
    const f = [...(query.conditions ?? []), ...(added ? [added] : [])].map(conditionAddress)
    return added && listAddress(list.path, query, { f: [...new Set(f)], page: null })
  }
  const isColumnsSent = list.isAdjustable && Object.keys(typed).some((name) => name.startsWith('order_'))
  const adjust = typed.move ? 'columns' : null
  return isColumnsSent ? listAddress(list.path, query, { page: null, adjust }) : undefined
}

/** The form around the rows that says what is done with which of them; null where nothing may be done. */
export function selectionView(request: FastifyRequest, list: List, query: ListQuery) {
  const acts = actsFor(request, list)
  if (!list.selection || acts.length === 0) return null
  return { path: `${list.path}/selections`, acts, query: wholeQuery(query, list) }
}
