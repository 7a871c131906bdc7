import { text } from '../../texts/index.ts'
import { kinds } from '../files/kinds.ts'
import { patternProblem } from '../numbers.ts'
import { link } from '../web/link-kind.ts'
import { linesProblem, wrongKind } from './field-problems.ts'
import { borrowedRights, type Module, type ModuleField, ownerColumn, rightsNameOf } from './module.ts'
import { wrongPaper } from './papers.ts'
import { rightsProblem } from './rights-problem.ts'

/** One value for many is chosen, read by all, and no owner, who is changed by a transfer. */
const mayBeBatch = ({ name, kind, mask, isUnique }: ModuleField, owner: Module['owner']) =>
  kind.control === 'choice' && !kind.isMany && !mask && !isUnique && (owner === 'nobody' || name !== ownerColumn(owner))

/** Numbers are given to a text that stands once, and fit into it. */
const mayBeNumbered = ({ field, pattern }: NonNullable<Module['number']>, fields: ModuleField[]) =>
  fields.some(
    ({ name, kind, isUnique, max = 0 }) =>
      name === field && kind.control === 'text' && isUnique && !patternProblem(pattern, max),
  )

/** A value of the record itself, and no tick, which half of all have. */
const mayBeAlike = (one: string, fields: ModuleField[]) =>
  fields.some(({ name, kind, isLinked }) => name === one && !isLinked && !kind.isMany && kind.control !== 'check')

const isTime = ({ kind }: ModuleField) => kind.control === 'day' || kind.control === 'instant'

const isBefore = (some: readonly { name: string }[], name: string, at: number) =>
  some.findIndex((one) => one.name === name) < at

/** What the addresses of lists and analyses say beside the fields. */
const reservedNames = new Set('q f sort columns per page view list id period cross compare sum'.split(' '))

type Known = {
  /** Those that are declared already. */
  modules: ReadonlyMap<string, Module>
  /** Whether a field may point at a module, which may yet be declared. */
  isLinkable(to: string): boolean
  ownersOf(module: Module): string | undefined
}

/** What is personal is nobody's beside that, and not counted for all; what of it is shared is ticked by who has the right. */
function personalProblem({ personal, shared, owner, acts, isTallied, fields }: Module): string | undefined {
  const t = text.declarations
  if (personal && (owner !== 'nobody' || isTallied || acts.includes('import'))) return t.noPersonal(personal)
  const isTicked = fields.some(({ name, kind }) => name === shared && kind.control === 'check')
  return shared && !(personal && isTicked && acts.includes('share')) ? t.noShared(shared) : undefined
}

/** Why a declaration cannot be, in words. */
export function problemOf(module: Module, { modules, isLinkable, ownersOf }: Known): string | undefined {
  const { name, path, fields, title, owner, acts, search, files, number, alike, papers = [], byHand, sections } = module
  const t = text.declarations
  if (modules.has(name)) return t.nameTwice
  const neighbour = [...modules.values()].find((other) => other.path === path)
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
  const { latestBy, author } = module
  if (latestBy && !fields.some((field) => field.name === latestBy && field.isRequired && isTime(field)))
    return t.noField(latestBy, 'latestBy')
  if (author && !names.includes(author)) return t.noField(author, 'author')
  const { marks = {}, next = title, facts = [] } = module.head ?? {}
  for (const [use, some] of Object.entries({ search, head: [...Object.keys(marks), next, ...facts] })) {
    const unknown = some.find((one) => !names.includes(one))
    if (unknown) return t.noField(unknown, use)
  }
  const batch = fields.find((field) => field.isBatch && !mayBeBatch(field, owner))
  if (batch) return t.noBatch(batch.name)
  const wrong = fields.find((field) => wrongKind(field))
  if (wrong) return t.noKind(wrong.name)
  const lost = fields.find(({ kind, to }) => kind === link && !isLinkable(to ?? ''))
  if (lost) return t.noTarget(lost.name, lost.to ?? '')
  if (number && !mayBeNumbered(number, fields)) return t.noNumber(number.field)
  const ofLines = linesProblem(module, (to = '') => isLinkable(to))
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
  const ofScope = personalProblem(module)
  if (ofScope) return ofScope
  const { giver = title } = module
  if (!names.includes(giver) || (module.giver && !('by' in Object(owner)))) return t.noField(giver, 'giver')
  if (owner === 'nobody') return undefined
  if ('among' in owner) return undefined
  if ('module' in owner) return modules.has(owner.module) ? undefined : t.noModule(owner.module)
  // A form written by hand need not ask for it.
  return byHand?.includes('form') || names.includes(owner.by) ? undefined : t.noField(owner.by, 'owner')
}
