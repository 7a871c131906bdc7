import { text } from '../../texts/index.ts'
import { moduleWords } from '../../texts/zh/module.ts'
import { declareKeyedText, forgetKeyedTexts, type KeyedText } from '../db/keyed-texts.ts'
import { kinds } from '../files/kinds.ts'
import { patternProblem } from '../numbers.ts'
import { declareFiles, declareOwned, declareRights, declareShown, forgetRights } from '../permissions.ts'
import { link } from '../web/link-kind.ts'
import { linesProblem, wrongKind } from './field-problems.ts'
import {
  borrowedRights,
  type Lines,
  type Module,
  type ModuleField,
  maskedGroups,
  ownerColumn,
  rightOf,
  rightsNameOf,
} from './module.ts'
import { wrongPaper } from './papers.ts'
import { rightsProblem } from './rights-problem.ts'

const declared = new Map<string, Module>()
/** The names of those that rows define. */
const own = new Set<string>()

/** A field of a module, or of its lines, that points at records of another. */
export type Pointer = { module: Module; field: ModuleField; lines?: Lines }

/** What points at records of a module. */
export const linksTo = (name: string): Pointer[] =>
  declaredModules().flatMap((module) => {
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
/** Those that are written in code, whose pages stand from the start. */
export const builtInModules = (): Module[] => declaredModules().filter(({ name }) => !own.has(name))
/** The module whose pages stand at an address. */
export const moduleAt = (path: string): Module | undefined =>
  declaredModules().find((module) => path === module.path || path.startsWith(`${module.path}/`))
export const moduleNamed = (name: string): Module | undefined => declared.get(name)

/** What the records of a module hang on; undefined where they stand by themselves. */
export const aboveOf = ({ owner }: Module): Module | undefined =>
  owner !== 'nobody' && 'module' in owner ? declared.get(owner.module) : undefined

/** The modules whose records hang on those of another. */
export const modulesBelow = ({ name }: Module): Module[] =>
  declaredModules().filter(({ owner }) => owner !== 'nobody' && 'module' in owner && owner.module === name)

/** The names of modules that are being declared together: each may point at those behind it. */
let coming: ReadonlySet<string> = new Set()

/** Takes up modules, with what others need to know of them. Throws DeclarationError, which names what is wrong. */
export function declareModules(modules: readonly Module[]) {
  coming = new Set([...coming, ...modules.map(({ name }) => name)])
  try {
    takeUp(modules)
  } finally {
    coming = new Set()
  }
}

function takeUp(modules: readonly Module[]) {
  for (const module of modules) {
    if (declared.get(module.name) === module) continue
    const problem = problemOf(module)
    if (problem) throw new DeclarationError(text.declarations.refused(module.name, problem))
    declared.set(module.name, module)
    const [rights, borrowed] = [rightsNameOf(module), borrowedRights(module)]
    const acts = module.acts.filter((act) => !borrowed[act])
    if (acts.length > 0) declareRights({ name: rights, label: wordsOf(module).title, acts })
    const owners = ownersOf(module)
    if (owners) for (const name of [rights, ...(module.covers ?? [])]) declareOwned(name, owners)
    if (owners && module.files) declareFiles(owners)
    for (const group of maskedGroups(module)) declareShown(group, rightOf(module, 'view'))
    for (const keyed of keyedTextsOf(module)) declareKeyedText(keyed)
  }
}

/** What may stand once in a module. */
export const keyedTextsOf = ({ name: table, fields, sections }: Module): KeyedText[] => {
  const within = sections ? [sections.column] : []
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

/** Those that rows define (own.ts); one that cannot be is left out, for nobody could mend it in a program that does not start. */
export function replaceOwnModules(modules: readonly Module[]) {
  withdrawModules(own)
  own.clear()
  coming = new Set(modules.map(({ name }) => name))
  for (const module of modules) {
    if (problemOf(module)) continue
    takeUp([module])
    own.add(module.name)
  }
  coming = new Set()
}

/** The rights with whose range the owners of records of a module are asked for; undefined where they are nobody's. */
export function ownersOf(module: Module): string | undefined {
  const { owner } = module
  if (owner === 'nobody') return undefined
  if ('by' in owner) return rightsNameOf(module)
  const above = declared.get(owner.module)
  return above && ownersOf(above)
}

/** One value for many is chosen, read by all, and no owner, who is changed by a transfer. */
const mayBeBatch = ({ name, kind, mask, isUnique }: ModuleField, owner: Module['owner']) =>
  kind.control === 'choice' && !kind.isMany && !mask && !isUnique && (owner === 'nobody' || name !== ownerColumn(owner))

const isLinkable = (to = '') => declared.has(to) || coming.has(to)

/** Numbers are given to a text that stands once, and fit into it. */
const mayBeNumbered = ({ field, pattern }: NonNullable<Module['number']>, fields: ModuleField[]) =>
  fields.some(
    ({ name, kind, isUnique, max = 0 }) =>
      name === field && kind.control === 'text' && isUnique && !patternProblem(pattern, max),
  )

/** A value of the record itself, and no tick, which half of all have. */
const mayBeAlike = (one: string, fields: ModuleField[]) =>
  fields.some(({ name, kind, isLinked }) => name === one && !isLinked && !kind.isMany && kind.control !== 'check')

const isBefore = (some: readonly { name: string }[], name: string, at: number) =>
  some.findIndex((one) => one.name === name) < at

/** What the addresses of lists and analyses say beside the fields. */
const reservedNames = new Set('q f sort columns per page view list id period cross compare sum'.split(' '))

function problemOf(module: Module): string | undefined {
  const { name, path, fields, title, owner, acts, search, files, number, alike, papers = [], byHand, sections } = module
  const t = text.declarations
  if (declared.has(name)) return t.nameTwice
  const neighbour = declaredModules().find((other) => other.path === path)
  if (neighbour) return t.pathTwice(path, neighbour.name)
  const names = fields.map((field) => field.name)
  if (!/^[a-z]\w{0,39}$/.test(name)) return t.badName
  const section = sections?.of.find(
    (one, at) => !/^[a-z][a-z-]*$/.test(one.name) || isBefore(sections.of, one.name, at),
  )
  if (section) return t.noSection(section.name)
  const reserved = names.find((one) => reservedNames.has(one))
  if (reserved) return t.reservedName(reserved)
  const twice = names.find((one, at) => names.indexOf(one) !== at)
  if (twice) return t.fieldTwice(twice)
  if (!names.includes(title)) return t.noTitle(title)
  const unknown = search.find((one) => !names.includes(one))
  if (unknown) return t.noField(unknown, 'search')
  const batch = fields.find((field) => field.isBatch && !mayBeBatch(field, owner))
  if (batch) return t.noBatch(batch.name)
  const wrong = fields.find((field) => wrongKind(field))
  if (wrong) return t.noKind(wrong.name)
  const lost = fields.find(({ kind, to }) => kind === link && !isLinkable(to))
  if (lost) return t.noTarget(lost.name, lost.to ?? '')
  if (number && !mayBeNumbered(number, fields)) return t.noNumber(number.field)
  const ofLines = linesProblem(module, isLinkable)
  if (ofLines) return ofLines
  const unlike = alike?.find(({ fields: some }) => some.length === 0 || some.some((one) => !mayBeAlike(one, fields)))
  if (unlike) return t.noAlike(unlike.fields.join(' '))
  const act = acts.find((one) => !(one in text.actions))
  if (act) return t.noAct(act)
  if (!acts.includes('view')) return t.noView
  const rights = { name: rightsNameOf(module), acts, borrowed: borrowedRights(module), owners: ownersOf(module) }
  const ofRights = rightsProblem(rights)
  if (ofRights) return ofRights
  const paper = acts.includes('print') ? wrongPaper(papers) : papers[0]
  if (paper) return t.noPaper(paper.name)
  const kind = files === true ? undefined : files?.find((one) => !Object.hasOwn(kinds, one))
  if (kind) return t.noFileKind(kind)
  if (owner === 'nobody') return undefined
  const column = ownerColumn(owner)
  // A form written by hand need not ask for it.
  if (!byHand?.includes('form') && !names.includes(column)) return t.noField(column, 'owner')
  return 'module' in owner && !declared.has(owner.module) ? t.noModule(owner.module) : undefined
}

/** What is said of a module. */
export const wordsOf = ({ label, words }: Module) => ({ ...moduleWords(label), ...words })
