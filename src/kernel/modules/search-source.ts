import type { SearchSource } from '../search/source.ts'
import { listOf } from './list.ts'
import { fieldNamed, type Module } from './module.ts'
import { placeOf } from './record-address.ts'

/** So many columns stand beside the name of a hit. */
const fewBeside = 2

const made = new WeakMap<Module, SearchSource>()

/** A declared module, as the box on top searches it. */
export function sourceOf(module: Module): SearchSource {
  const known = made.get(module)
  if (known) return known
  const source = madeOf(module)
  made.set(module, source)
  return source
}

function madeOf(module: Module): SearchSource {
  if (module.source) return module.source()
  const { title, fields, search } = module
  const shown = fields.filter(({ name, column }) => name !== title && column !== false && !column?.isHidden)
  const codes = fields.filter(({ name, isUnique, mask }) => isUnique && !mask && name !== title)
  return {
    list: listOf(module),
    title,
    href: (row) => placeOf(module, row),
    beside: shown.slice(0, fewBeside).map(({ name }) => name),
    fields: search.map((name) => fieldNamed(module, name)),
    codes: codes.map(({ name }) => `${name}_key`),
  }
}
