import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import { conditionField, inDays, instantField } from '../web/conditions.ts'
import { departmentConditions } from '../web/department-conditions.ts'
import { choiceFilter, fieldColumn } from '../web/field-column.ts'
import { link } from '../web/link-kind.ts'
import type { Column, Days, Filter, List } from '../web/list.ts'
import { actColumn, stampColumn } from '../web/list-columns.ts'
import { maskRow } from '../web/masks.ts'
import { wordsOf } from './catalogue.ts'
import { creationOf } from './creation.ts'
import { orderColumn, orderOfField, reachColumns } from './indexes.ts'
import { fileLinesOf } from './line-columns.ts'
import { linkColumn, linkCondition, listedFields, namingOf } from './link-columns.ts'
import { linkFilter, linksOf } from './link-filters.ts'
import { has, isHanging, type Module, type ModuleField, rightOf } from './module.ts'
import { countOfModule, groupsOfModule, modulePage, rowsToWalk } from './page.ts'
import { placeOf } from './record-address.ts'
import { livingRows, ownerPlace, visibleRows } from './records.ts'
import { searchedPage, searchOf } from './search.ts'
import { selectingOf } from './selecting.ts'
import { fewWithParts, partsIn } from './text-index.ts'

const lists = new WeakMap<Module, List>()

/** The list of a module, made once: what its fields say, and what the declaration puts instead. */
export function listOf(module: Module): List {
  const list = lists.get(module) ?? makeList(module)
  lists.set(module, list)
  return list
}

function makeList(module: Module): List {
  const { name, path, list = (one) => one } = module
  const fields = listedFields(module)
  const words = wordsOf(module)
  const right = (act: 'print' | 'export'): Permission | undefined =>
    has(module, act) ? rightOf(module, act) : undefined
  const create = { label: words.create, href: `${path}/new` }
  // What hangs on a record is added on the card of that one.
  const mayCreate = (request: FastifyRequest) => !isHanging(module) && request.can(rightOf(module, 'create'))
  const usual: List = {
    path,
    title: words.title,
    permissions: { view: rightOf(module, 'view'), print: right('print'), export: right('export') },
    table: name,
    columns: columnsOf(module, fields),
    filters: fields.filter(({ isFilter }) => isFilter).map((field) => filterOf(module, field)),
    order: { column: `${name}.${orderColumn(module)}`, order: module.latestBy ? 'desc' : 'asc', isFilled: true },
    conditions: [
      ...fields.map((field) => (field.kind === link ? linkCondition(name, field) : conditionField(name, field))),
      instantField('created_at', words.createdAt, `${name}.created_at`),
      instantField('updated_at', words.updatedAt, `${name}.updated_at`),
      ...ofDepartments(module),
    ],
    isAdjustable: true,
    rows: (db, viewer) => visibleRows(db, module, viewer).select(`${name}.*`),
    ...(reachColumns(module).length > 0 && !isHanging(module) && { windows: (db) => livingRows(db, module) }),
    ...namingOf(module, fields),
    ...linksOf(fields),
    ...fileLinesOf(module),
    ...(fields.some(({ mask }) => mask) && { mask: (row, viewer) => maskRow(row, fields, viewer) }),
    ...(module.isTextIndexed && { few: (db, query) => fewWithParts(db, module, partsIn(module, query.conditions)) }),
    count: (db, query) => countOfModule(db, module, query),
    groups: (db, query, column) => groupsOfModule(db, module, query, column),
    walk: (db, query, list) => rowsToWalk(db, module, query, list),
    ...(module.search.length > 0 && searchOf(module)),
    page: (db, query, list) => (query.q ? searchedPage(db, module, query, list) : modulePage(db, module, query, list)),
    selection: selectingOf(module),
    ...(!module.isCardless && { rowHref: (row) => placeOf(module, row) }),
    actions: (request) => [
      ...(mayCreate(request) ? [{ ...create, kind: 'primary' as const }] : []),
      ...(has(module, 'import') && request.can(rightOf(module, 'import'))
        ? [{ label: text.actions.import, href: `/imports/new?kind=${name}`, kind: 'plain' as const }]
        : []),
    ],
    creation: (request, q) => (has(module, 'create') && mayCreate(request) ? creationOf(module, q) : undefined),
    empty: (request) => ({ text: words.empty, ...(mayCreate(request) && create) }),
  }
  const made = list(usual)
  if (made.rows === usual.rows) return made
  // Other rows than those of the table are found the common way, unless the declaration has its own.
  return {
    ...made,
    ...(made.page === usual.page && { page: undefined }),
    ...(made.count === usual.count && { count: undefined }),
    ...(made.groups === usual.groups && { groups: undefined }),
    ...(made.walk === usual.walk && { walk: undefined }),
  }
}

/** Conditions about the departments of those whose records are, by their names. */
export const departmentNames = { within: 'owner_department_id', itself: 'owner_own_department_id' }

function ofDepartments(module: Module) {
  const owner = ownerPlace(module)
  return owner ? departmentConditions(owner, departmentNames) : []
}

function columnsOf(module: Module, fields: ModuleField[]): Column[] {
  const { name, title } = module
  const words = wordsOf(module)
  const shown = fields.flatMap((field) => {
    if (field.column === false) return []
    if (field.kind === link) return [{ ...linkColumn(field), ...field.column }]
    const isTitle = field.name === title
    const named: Partial<Column> = {
      sort: `${name}.${title}_pinyin`,
      isFilled: true,
      ...(!module.isCardless && { cell: (row) => ({ text: String(row[title] ?? ''), href: placeOf(module, row) }) }),
    }
    return [fieldColumn(field, { ...orderOfField(name, field), ...(isTitle && named), ...field.column })]
  })
  return [
    ...shown,
    { ...stampColumn('created_at', words.createdAt) },
    { ...stampColumn('updated_at', words.updatedAt), sort: `${name}.updated_at`, isFilled: true },
    ...(module.isCardless ? actColumnsOf(module) : []),
  ]
}

/** What is done to a record that has no card, in its row. */
const actColumnsOf = (module: Module) =>
  (
    [
      ['update', 'edit'],
      ['delete', 'deletion'],
    ] as const
  )
    .filter(([act]) => has(module, act))
    .map(([act, noun]) =>
      actColumn(noun, {
        label: text.actions[act],
        permission: rightOf(module, act),
        href: ({ id }) => `${module.path}/${id}/${noun}`,
      }),
    )

function filterOf({ name: table }: Module, field: Module['fields'][number]): Filter {
  const { name, label, kind } = field
  const column = `${table}.${name}`
  if (kind === link) return linkFilter(table, field)
  if (kind.control === 'day') return { name, label, kind: 'days', column }
  if (kind.control !== 'instant') return choiceFilter(field, column)
  return { name, label, kind: 'days', column, apply: (rows, { from, to }: Days) => inDays(rows, column, from, to) }
}
