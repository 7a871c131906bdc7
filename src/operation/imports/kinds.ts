import { declaredModules, moduleNamed } from '../../kernel/modules/catalogue.ts'
import { has } from '../../kernel/modules/module.ts'
import { importKindOf } from './declared/kind.ts'
import type { ImportKind } from './kind.ts'

const declared = new Map<string, ImportKind>()

/** What the thread begins with that reads large files: a file of the program, which knows what is declared. */
export let readingThread: URL

/** Declares what is imported otherwise than it would follow from a module; it stands before those that follow. */
export function declareImports(kinds: readonly ImportKind[], thread: URL) {
  for (const kind of kinds) declared.set(kind.name, kind)
  readingThread = thread
}

/** All that can be imported, in the order in which it is offered. */
export const importKinds = (): ImportKind[] => [
  ...declared.values(),
  ...declaredModules()
    .filter((module) => has(module, 'import') && !declared.has(module.name))
    .map(importKindOf),
]

/** One of them; undefined where nothing is called so, or no longer. */
export function kindNamed(name: string): ImportKind | undefined {
  const module = moduleNamed(name)
  return declared.get(name) ?? (module && has(module, 'import') ? importKindOf(module) : undefined)
}

/** The kind of an import that stands in the database. */
export function kindOf({ kind }: { kind: string }): ImportKind {
  const found = kindNamed(kind)
  if (!found) throw new Error(`nothing is imported as ${kind}`)
  return found
}
