import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { aboveOf, declaredModules, moduleAt, moduleNamed, ownersOf } from '../../kernel/modules/catalogue.ts'
import { type Module, nameOf, rightOf } from '../../kernel/modules/module.ts'
import { ownerOf } from '../../kernel/modules/records.ts'
import { type Permission, partsOf, rightsOf } from '../../kernel/permissions.ts'
import type { Personal } from './personal.ts'

/** What is asked about: a record or a page, with the rights on it. `owner_id` where it belongs to somebody. */
export type Explained = {
  /** The first part of its rights, or who may see it without a right: `signed-in`, `public`. */
  kind: string
  name: string
  rights: readonly Permission[]
  owner_id: number | null
  deleted_at: string | null
  /** The module whose range decides over what hangs on it, where that is not the one of customers. */
  over?: string | undefined
  personal?: Personal
  /** Who gave it to its owner, and reaches it by that. */
  giver_id?: number
}

/** The rights a page about one customer explains, in this order. */
export const customerRights = [
  'customers.view',
  'customers.update',
  'customers.delete',
  'customers.transfer',
  'customers.print',
  'customers.export',
  'contacts.view',
  'contacts.update',
  'files.view',
  'files.create',
] as const satisfies Permission[]

type Owned = { name: string; owner_id: number; deleted_at: string | null }
type Found = Omit<Explained, 'kind' | 'rights'>

const customerRow = async (db: Knex, where: Record<string, unknown>): Promise<Owned | undefined> =>
  db('customers').where(where).first('name', 'owner_id', 'deleted_at')

/** A record that hangs on a customer: it is whose the customer is. */
async function hanging(db: Knex, table: string, where: Record<string, unknown>): Promise<Found | undefined> {
  const row = await db(table).where(where).first()
  const customer = row && (await customerRow(db, { id: row.customer_id }))
  const deleted_at = row?.deleted_at ?? customer?.deleted_at ?? null
  return customer && { name: row.name ?? customer.name, owner_id: customer.owner_id, deleted_at }
}

type Kind = {
  path: RegExp
  kind: string
  module?: Module
  /** `above`: what it hangs on, where each record says of which module that is. */
  find(db: Knex, ...ids: string[]): Promise<(Found & { above?: Module | undefined }) | undefined>
}

const ofCustomer = (noun: string, kind: string, table: string): Kind => ({
  path: new RegExp(`^/customers/(\\d{1,9})/${noun}/(\\d{1,9})(/|$)`),
  kind,
  find: (db, customer_id, id) => hanging(db, table, { id, customer_id }),
})

/** The records that belong to somebody, the narrower addresses first. */
const owned: Kind[] = [
  ofCustomer('contacts', 'contacts', 'contacts'),
  ofCustomer('files', 'files', 'files'),
  ofCustomer('pictures', 'files', 'files'),
  ofCustomer('business-cards', 'business_cards', 'files'),
  ofCustomer('identity-pictures', 'identity_pictures', 'files'),
  { path: /^\/customers\/(\d{1,9})(\/|$)/, kind: 'customers', find: (db, id) => customerRow(db, { id }) },
  {
    path: /^\/recycle-bin\/customers\/(\d{1,9})(\/|$)/,
    kind: 'recycle_bin',
    find: (db, id) => customerRow(db, { id }),
  },
  {
    path: /^\/recycle-bin\/contacts\/(\d{1,9})(\/|$)/,
    kind: 'recycle_bin',
    find: (db, id) => hanging(db, 'contacts', { id }),
  },
]

const fileRights: Permission[] = ['files.view', 'files.create', 'files.delete']

/** Those whose records belong to somebody; what is somebody's own without a page of itself is told by its address. */
const ownedModules = () =>
  declaredModules().filter(({ owner, personal, isCardless }) => owner !== 'nobody' || (personal && !isCardless))

const ofModule = (module: Module): Kind => ({
  path: new RegExp(`^${module.path}/(\\d{1,9})(/|$)`),
  kind: partsOf(rightOf(module, 'view'))[0],
  module,
  find: async (db, id) => {
    const row = await db(module.name).where({ id }).first()
    const deleted_at = row?.deleted_at ?? null
    if (!row) return undefined
    const name = nameOf(module, row)
    if (module.personal) return { name, owner_id: row[module.personal], deleted_at, personal: { module, row } }
    const isAmong = module.owner !== 'nobody' && 'among' in module.owner
    return {
      name,
      owner_id: await ownerOf(db, module, row),
      deleted_at,
      ...(module.giver && { giver_id: row[module.giver] }),
      ...(isAmong && { above: aboveOf(module, row) }),
    }
  },
})

/** Of what belongs to nobody, the tables in which an address must have its record. */
const tables = ['devices', 'sessions', 'imports', 'jobs']

/** What a code or an address means, within the program or as it stands in the browser; undefined for nothing there is. */
export async function findExplained(
  { db, rightsOfRoutes }: FastifyInstance,
  typed: string,
): Promise<Explained | undefined> {
  const path = pathIn(typed)
  if (!path) return byCode(db, typed)
  for (const { path: pattern, kind, find, module = moduleNamed(kind) } of [...owned, ...ownedModules().map(ofModule)]) {
    const [, ...ids] = pattern.exec(path) ?? []
    if (ids.length === 0) continue
    const whole = await find(db, ...ids)
    if (!whole) return undefined
    const { above, ...found } = whole
    const rights = module ? [...new Set(module.acts.map((act) => rightOf(module, act)))] : rightsOf(kind)
    if (above) return { ...found, kind, rights: [...rights, rightOf(above, 'view')], over: ownersOf(above) }
    if (module?.files) return { ...found, kind, rights: [...rights, ...fileRights], over: ownersOf(module) }
    return { ...found, kind, rights: kind === 'customers' ? customerRights : rights }
  }
  const route = routeOf(rightsOfRoutes, path)
  if (!route || !(await isThere(db, path))) return undefined
  const page = { name: path, owner_id: null, deleted_at: null }
  if (route.permission === 'public' || route.permission === 'signed-in')
    return { ...page, kind: route.permission, rights: [] }
  const kind = typeof route.permission === 'function' ? moduleAt(path)?.name : partsOf(route.permission)[0]
  if (kind === undefined) return undefined
  return { ...page, kind, rights: rightsOf(kind) }
}

/** The path of an address, be it typed from / on or copied whole. */
function pathIn(typed: string): string | undefined {
  const whole = /^https?:\/\//i.test(typed) ? typed : `http://here${typed}`
  if (whole !== typed && !typed.startsWith('/')) return undefined
  return URL.parse(whole)?.pathname.replace(/(?<=.)\/$/, '')
}

async function byCode(db: Knex, typed: string): Promise<Explained | undefined> {
  const where = { code_key: foldKey(typed) }
  const customer = await customerRow(db, where)
  if (customer) return { ...customer, kind: 'customers', rights: customerRights }
  const contact = await hanging(db, 'contacts', where)
  return contact && { ...contact, kind: 'contacts', rights: rightsOf('contacts') }
}

function routeOf(routes: FastifyInstance['rightsOfRoutes'], path: string) {
  const fits = ({ url }: { url: string }) => new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path)
  return routes.find(({ url }) => url === path) ?? routes.find(fits)
}

async function isThere(db: Knex, path: string): Promise<boolean> {
  const [, first = '', id = ''] = path.split('/')
  const table = tables.includes(first) ? first : moduleAt(path)?.name
  if (!table || !/^\d{1,9}$/.test(id)) return true
  return (await db(table).where({ id }).first('id')) !== undefined
}
