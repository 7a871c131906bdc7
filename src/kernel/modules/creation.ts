import { text } from '../../texts/index.ts'
import { phonesIn } from '../china/phone.ts'
import { wordsOf } from './catalogue.ts'
import type { Module } from './module.ts'

/** Where what was not found is added under the name that was typed; a number is no name. */
export function creationOf(module: Module, q: string): { label: string; href: string } | undefined {
  if (q === '' || (/\d{5}/.test(q) && phonesIn(q))) return undefined
  return {
    label: text.searching.creation(wordsOf(module).create, q),
    href: `${module.path}/new?${new URLSearchParams({ [module.title]: q })}`,
  }
}
