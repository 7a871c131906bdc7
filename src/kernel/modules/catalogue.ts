import { text } from '../../texts/index.ts'
import { moduleWords } from '../../texts/zh/module.ts'
import { declareKeyedText, forgetKeyedTexts, type KeyedText } from '../db/keyed-texts.ts'
import { declareCommon, declareOwned, declareRights, declareShown, forgetRights, partsOf } from '../permissions.ts'
import { link } from '../web/link-kind.ts'
import {
  type Among,
  borrowedRights,
  isHanging,
  type Lines,
  type Module,
  type ModuleField,
  maskedGroups,
  rightOf,
  rightsNameOf,
} from './module.ts'
import { problemOf } from './problem.ts'

const declared = new Map<string, Module>()
/** The names of those that rows define. */
const own = new Set<string>()

/** A field of a module, or of its lines, that points at records of another. */
export type Pointer = { module: Module; field: ModuleField; lines?: Lines }

/** What points at records of a module. */
export const linksTo = (name: string, among = declaredModules()): Pointer[] =>
  among.flatMap((module) => {
    const isTo = ({ kind, to }: ModuleField) => kind === link && to === name
    const ofLines = (module.lines ?? []).flatMap((lines) =>
      lines.fields.filter(isTo).map((field) => ({ module, field, lines })),
    )
    return [...module.fields.filter(isTo).map((field) => ({ module, field })), ...ofLines]
  })

/** A declaration that cannot be: the program does not start with it. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
}

/** The declared modules, in the order of the menu. */
export const declaredModules = (): Module[] => [...declared.values()]
/** Those that rows define and that are switched off or wrong: nobody sees their records, but they are there, and point at others. */
let resting: readonly Module[] = []
export const restModules = (modules: readonly Module[]) => {
  resting = modules
}
/** All that have records, for whoever takes some away for good. */
export const modulesWithRows = (): Module[] => [...declaredModules(), ...resting]
/** Those that are written in code, whose pages stand from the start. */
export const builtInModules = (): Module[] => declaredModules().filter(({ name }) => !own.has(name))
/** The module whose pages stand at an address: below that of one there may be another's. */
export const moduleAt = (path: string): Module | undefined =>
  declaredModules()
    .filter((module) => path === module.path || path.startsWith(`${module.path}/`))
    .reduce<Module | undefined>((one, other) => (one && one.path.length > other.path.length ? one : other), undefined)
export const moduleNamed = (name: string): Module | undefined => declared.get(name)

/** What the records of a module hang on, or one of them where each says it; undefined where they stand by themselves. */
export function aboveOf({ owner }: Module, record?: Record<string, unknown>): Module | undefined {
  if (owner === 'nobody' || 'by' in owner) return undefined
  return declared.get('module' in owner ? owner.module : String(record?.[owner.among]))
}

/** The modules whose records hang on those of another. */
export const modulesBelow = (above: Module, among = declaredModules()): Module[] =>
  among.filter(({ owner }) => {
    if (owner === 'nobody' || 'by' in owner) return false
    return 'module' in owner ? owner.module === above.name : isAmong(owner, above)
  })

/** The modules on whose records those hang that say of each on which. */
export const modulesAmong = (owner: Among): Module[] => declaredModules().filter((module) => isAmong(owner, module))

const isAmong = ({ on }: Among, module: Module) => !isHanging(module) && mayBePointedAt(module) && on(module)

/** Records of sections have no address of their own, and those of one person are not there for others. */
const mayBePointedAt = ({ sections, personal }: Module) => !sections && !personal
const isLinkable = (to: string) => coming.has(to) || [declared.get(to) ?? []].flat().some(mayBePointedAt)

/** The names of modules that are being declared together: each may point at those behind it. */
let coming: ReadonlySet<string> = new Set()

/** Takes up modules, with what others need to know of them. Throws DeclarationError, which names what is wrong. */
export function declareModules(modules: readonly Module[]) {
  coming = new Set([...coming, ...modules.filter(mayBePointedAt).map(({ name }) => name)])
  try {
    takeUp(modules)
  } finally {
    coming = new Set()
  }
}

function takeUp(modules: readonly Module[]) {
  for (const module of modules) {
    if (declared.get(module.name) === module) continue
    const problem = problemIn(module)
    if (problem) throw new DeclarationError(text.declarations.refused(module.name, problem))
    declared.set(module.name, module)
    const [rights, borrowed] = [rightsNameOf(module), borrowedRights(module)]
    const acts = module.acts.filter((act) => !borrowed[act])
    if (acts.length > 0) declareRights({ name: rights, label: wordsOf(module).title, acts })
    const owners = ownersOf(module)
    if (owners) for (const name of [rights, ...(module.covers ?? [])]) declareOwned(name, owners)
    if (module.owner !== 'nobody' && 'among' in module.owner) declareCommon(partsOf(rightOf(module, 'view'))[0])
    for (const group of maskedGroups(module)) declareShown(group, rightOf(module, 'view'))
    for (const keyed of keyedTextsOf(module)) declareKeyedText(keyed)
  }
}

/** What may stand once in a module. */
export const keyedTextsOf = ({ name: table, fields, sections, personal }: Module): KeyedText[] => {
  const within = [sections?.column ?? [], personal ?? []].flat()
  return fields.flatMap(({ name, isUnique }) => (isUnique ? [{ table, text: name, key: `${name}_key`, within }] : []))
}

/** Takes modules out again, with what others know of them. */
export function withdrawModules(names: Iterable<string>) {
  for (const name of names) {
    const module = declared.get(name)
    declared.delete(name)
    forgetRights(module ? rightsNameOf(module) : name)
    forgetKeyedTexts(name)
  }
}

/**
 * Those that rows define (own.ts); one that cannot be is left out, with what points at it, for nobody could mend it in a
 * program that does not start.
 */
export function replaceOwnModules(modules: readonly Module[]) {
  leftOut = []
  resting = []
  let left = modules
  do {
    withdrawModules(own)
    own.clear()
    left = left.filter((module) => !leftOut.some((one) => one.module === module))
  } while (!takeUpOwn(left))
}

/** Modules that rows define and that cannot be, each with what is wrong, in words. */
export const leftOutModules = (): readonly LeftOut[] => leftOut
type LeftOut = { module: Module; problem: string }
let leftOut: LeftOut[] = []

/** Whether all of them could be taken up. */
function takeUpOwn(modules: readonly Module[]): boolean {
  const before = leftOut.length
  coming = new Set(modules.filter(mayBePointedAt).map(({ name }) => name))
  for (const module of modules) {
    const problem = problemIn(module)
    if (problem) leftOut.push({ module, problem })
    else {
      takeUp([module])
      own.add(module.name)
    }
  }
  coming = new Set()
  return leftOut.length === before
}

/** The rights with whose range the owners of records of a module are asked for; undefined where they are nobody's. */
export function ownersOf(module: Module): string | undefined {
  const { owner } = module
  if (owner === 'nobody') return undefined
  if ('by' in owner) return rightsNameOf(module)
  const above = aboveOf(module)
  return above && ownersOf(above)
}

const problemIn = (module: Module) => problemOf(module, { modules: declared, isLinkable, ownersOf })

/** What is said of a module. */
export const wordsOf = ({ label, words }: Module) => ({ ...moduleWords(label), ...words })
