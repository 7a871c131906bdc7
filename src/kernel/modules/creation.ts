import { text } from '../../texts/index.ts'
import { phonesIn } from '../china/phone.ts'
import { wordsOf } from './catalogue.ts'
import type { Module } from './module.ts'

type Place = { path: string; title: string; create: string }

/** Where what was not found is added under the name that was typed; a number is no name. */
export function creationAt({ path, title, create }: Place, q: string): { label: string; href: string } | undefined {
  if (q === '' || (/\d{5}/.test(q) && phonesIn(q))) return undefined
  return { label: text.searching.creation(create, q), href: `${path}/new?${new URLSearchParams({ [title]: q })}` }
}

/** The same for a declared module. */
export const creationOf = (module: Module, q: string) =>
  creationAt({ path: module.path, title: module.title, create: wordsOf(module).create }, q)
