import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FilePlace } from '../files/holder.ts'
import { fileRoutes, fileRoutesAt } from '../files/index.ts'
import { kindNames } from '../files/kinds.ts'
import type { Act } from '../permissions.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { listRoutes } from '../web/list-routes.ts'
import { endingsOf } from '../web/list-view.ts'
import { notFound } from '../web/refusal.ts'
import { cardRoutes } from './card-routes.ts'
import { moduleAt } from './catalogue.ts'
import { deletionRoutes } from './deletion-routes.ts'
import { recordsWithFiles } from './files.ts'
import { formRoutes } from './form-routes.ts'
import { listOf } from './list.ts'
import { has, isHanging, type Module, type Part, rightOf } from './module.ts'
import { moduleFactRoutes } from './module-facts.ts'
import { ownPath } from './own.ts'
import { paperRoutes } from './paper-routes.ts'
import { positionRoutes } from './positions.ts'
import { sectionOf } from './sections.ts'
import { transferRoutes } from './transfer-routes.ts'
import { undoRoutes } from './undo.ts'

/** Where pages of modules stand: those of one, or of all that rows define, whose addresses tell them apart. */
export type Mount = {
  path: string
  /** Where its records stand. */
  records: string
  of(request: FastifyRequest): Module
  /** The right to an act there; undefined where it is not among those of the module. */
  right(act: Act): Access | AccessOf | undefined
  /** The kinds of files that a list is exported as. */
  endings?: string[]
  /** Its records are added to those of another module. */
  isHanging: boolean | ((request: FastifyRequest) => boolean)
}

const mountOf = (module: Module): Mount => ({
  ...placesOf(module),
  of: module.sections ? ({ params }) => sectionOf(module, (params as { section: string }).section) : () => module,
  right: (act) => (has(module, act) ? rightOf(module, act) : undefined),
  isHanging: isHanging(module),
})

/** Where its list stands, and its records. */
function placesOf({ path: bare, sections, under }: Module) {
  const path = sections ? `${bare}/:section` : bare
  return { path, records: under ?? path }
}

/** The modules that rows define. Throws notFound where the address names none. */
export const ownMount: Mount = {
  path: ownPath(':slug'),
  records: ownPath(':slug'),
  of: ownModule,
  right: (act) => (request) => {
    const module = ownModuleIn(request)
    return module && has(module, act) ? rightOf(module, act) : undefined
  },
  isHanging: (request) => {
    const module = ownModuleIn(request)
    return module !== undefined && isHanging(module)
  },
}

const ownModuleIn = ({ params }: FastifyRequest) => moduleAt(ownPath(String((params as { slug?: string }).slug)))

function ownModule(request: FastifyRequest): Module {
  const module = ownModuleIn(request)
  if (!module) throw notFound()
  return module
}

/** The pages of a declared module, but those that are written by hand. */
export async function mountModule(app: FastifyInstance, module: Module) {
  mount(app, { ...mountOf(module), endings: endingsOf(listOf(module)) }, module)
  if (module.papers) paperRoutes(app, mountOf(module))
  if (module.positions) positionRoutes(app, mountOf(module))
  if (module.files && !module.byHand) await app.register(fileRoutes(recordsWithFiles(module)))
}

/** The pages of the modules that rows define. */
export async function mountOwnModules(app: FastifyInstance) {
  mount(app, ownMount, {})
  paperRoutes(app, ownMount)
  await app.register(fileRoutesAt(ownFiles))
}

const ownFiles: FilePlace = {
  path: ownMount.path,
  kinds: kindNames,
  of: (request) => recordsWithFiles(ownModule(request)),
  right: (permission) => (request) => (ownModuleIn(request)?.files ? permission : undefined),
}

const parts: Record<Part, (app: FastifyInstance, place: Mount) => void> = {
  list: moduleListRoutes,
  form: formRoutes,
  card: cardRoutes,
  transfer: transferRoutes,
  deletion: deletionRoutes,
}

function mount(app: FastifyInstance, place: Mount, { byHand = [], isCardless }: Pick<Module, 'byHand' | 'isCardless'>) {
  for (const [part, routes] of Object.entries(parts))
    if (!byHand.includes(part as Part) && !(part === 'card' && isCardless)) routes(app, place)
  undoRoutes(app, place)
  if (!byHand.includes('form') && !byHand.includes('card') && !isCardless) moduleFactRoutes(app, place)
}

function moduleListRoutes(app: FastifyInstance, { path, of, right, endings = ['xlsx', 'csv'] }: Mount) {
  const [view, print, output] = [right('view'), right('print'), right('export')]
  listRoutes(app, {
    path,
    of: (request) => listOf(of(request)),
    permissions: { view: view as Access, ...(print && { print }), ...(output && { export: output }) },
    endings,
  })
}
