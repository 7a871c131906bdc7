import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { type Contact, countContacts, purgeContact, restoreContact } from '../contacts/contact.ts'
import { type Customer, purgeCustomer, restoreCustomer } from '../customers/customer.ts'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { listRoutes } from '../web/list-routes.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { notFound, Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { deletedContacts, deletedCustomers } from './list.ts'

type Deleted = { id: number; name: string; version: number; deleted_at: string | null } & Record<string, unknown>

/** What the recycle bin can do with one kind of record. */
type Bin = {
  table: 'customers' | 'contacts'
  restore(trx: Knex, row: Deleted, actor: Actor): Promise<void>
  purge(trx: Knex, row: Deleted, actor: Actor): Promise<void>
  restoreDetails(db: Knex, row: Deleted): Promise<string[]>
  purgeDetails(db: Knex, row: Deleted): Promise<string[]>
}

const bins: Bin[] = [
  {
    table: 'customers',
    restore: (trx, row, actor) => restoreCustomer(trx, row as Customer, actor),
    purge: (trx, row, actor) => purgeCustomer(trx, row as Customer, actor),
    restoreDetails: async (db, row) => text.recycleBin.restoreDetails(await countContacts(db, row.id, row.deleted_at)),
    purgeDetails: async (db, row) => text.recycleBin.purgeDetails(await countContacts(db, row.id, row.deleted_at)),
  },
  {
    table: 'contacts',
    restore: (trx, row, actor) => restoreContact(trx, row as Contact, actor),
    purge: (trx, row, actor) => purgeContact(trx, row as Contact, actor),
    restoreDetails: async () => text.recycleBin.restoreContactDetails,
    purgeDetails: async () => text.recycleBin.purgeContactDetails,
  },
]

export async function recycleBinRoutes(app: FastifyInstance) {
  listRoutes(app, deletedCustomers)
  listRoutes(app, deletedContacts)
  for (const bin of bins) {
    actRoutes(app, bin, 'restore')
    actRoutes(app, bin, 'purge')
  }
}

const nouns = { restore: 'restoration', purge: 'purge' } as const

function actRoutes(app: FastifyInstance, bin: Bin, act: 'restore' | 'purge') {
  const list = bin.table === 'customers' ? '/recycle-bin' : '/recycle-bin/contacts'
  const path = `/recycle-bin/${bin.table}`
  const options = { config: { permission: `recycle_bin.${act}` as const }, schema: { params: idParams } }

  app.get<IdParams>(`${path}/:id/${nouns[act]}`, options, async (request, reply) => {
    const row = await findDeleted(app.db, bin, request.params.id)
    const confirm = {
      title: text.recycleBin[act],
      text: act === 'restore' ? text.recycleBin.restoreText(row.name) : text.recycleBin.purgeText(row.name),
      details: await (act === 'restore' ? bin.restoreDetails : bin.purgeDetails)(app.db, row),
      action: `${path}/${row.id}/${nouns[act]}`,
      submitLabel: text.recycleBin[act],
      isDanger: act === 'purge',
      cancelHref: list,
      hidden: [{ name: 'version', value: String(row.version) }],
    }
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(`${path}/:id/${nouns[act]}`, options, async (request, reply) => {
    const row = await findDeleted(app.db, bin, request.params.id)
    if (Number(request.body?.version) !== row.version) throw new Refusal({ status: 409, message: text.record.stale })
    await app.db.transaction((trx) => bin[act](trx, row, request.actor))
    await request.flash(act === 'restore' ? text.recycleBin.restored(row.name) : text.recycleBin.purged(row.name))
    return reply.redirect(list, 303)
  })
}

async function findDeleted(db: Knex, bin: Bin, id: number): Promise<Deleted> {
  const row = await db(bin.table).where({ id }).whereNotNull('deleted_at').first()
  if (!row) throw notFound()
  if (
    bin.table === 'contacts' &&
    !(await db('customers').where({ id: row.customer_id }).whereNull('deleted_at').first('id'))
  ) {
    throw new Refusal({ status: 409, message: text.recycleBin.customerIsDeleted })
  }
  return row
}
