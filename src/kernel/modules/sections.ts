import { notFound } from '../web/refusal.ts'
import type { Module } from './module.ts'

/** A module as it stands in one of its sections. Throws notFound where there is none of that name. */
export function sectionOf(module: Module, name: string): Module {
  const section = module.sections?.of.find((one) => one.name === name)
  if (!section) throw notFound()
  return { ...module, path: `${module.path}/${name}`, label: section.label, section: name }
}

/** What all records of the section have that is looked at; nothing of a module without. */
export const inSection = ({ sections, section }: Pick<Module, 'sections' | 'section'>): Record<string, string> =>
  sections && section !== undefined ? { [sections.column]: section } : {}
