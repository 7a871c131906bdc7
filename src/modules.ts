import { declareModules } from './kernel/modules/catalogue.ts'
import type { Module } from './kernel/modules/module.ts'
import { competitors } from './office/competitors.ts'

/** Every declared module once, in the order of the menu. */
export const modules: Module[] = [competitors]

declareModules(modules)
