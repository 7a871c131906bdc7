import { declaredModules } from '../kernel/modules/catalogue.ts'
import { listOf } from '../kernel/modules/list.ts'
import { has } from '../kernel/modules/module.ts'
import type { List } from '../kernel/web/list.ts'
import { auditLogList } from '../operation/audit-log/list.ts'

/** Every list that can be exported, by its path. */
export const exportedLists = () => new Map([auditLogList, ...declaredLists()].map((list: List) => [list.path, list]))

const declaredLists = () =>
  declaredModules()
    .filter((module) => has(module, 'export'))
    .map(listOf)
