import { binListOf, binPath, binRight } from '../../kernel/modules/bin.ts'
import { builtInModules, declaredModules } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import type { Action, List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'

const first = () => builtInModules().find(({ bin }) => bin)
const isFirst = (module: Module) => module === first()
const entry = '/recycle-bin'

/** What was deleted of a module. The first one stands where the recycle bin is entered, and leads to the others. */
export function binOf(module: Module): List {
  const list = binListOf(module)
  if (isFirst(module)) return { ...list, path: entry, title: text.recycleBin.title, actions: othersFor }
  return { ...list, actions: () => [{ label: first()?.label ?? '', href: entry, kind: 'plain' }] }
}

const othersFor: List['actions'] = (request) =>
  declaredModules()
    .filter((module) => module.bin && !isFirst(module) && request.can(binRight(module, 'view')))
    .map((module): Action => ({ label: module.label, href: binPath(module), kind: 'plain' }))
