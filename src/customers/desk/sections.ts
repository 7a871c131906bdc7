import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { today } from '../../kernel/china/clock.ts'
import { type DeskSection, registerDeskSection } from '../../kernel/desk/sections.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import type { Row } from '../../kernel/web/list.ts'
import { shownColumns } from '../../kernel/web/list-columns.ts'
import { completed, listPage } from '../../kernel/web/list-page.ts'
import { parametersIn, readListQuery } from '../../kernel/web/list-query.ts'
import { countText } from '../../kernel/web/list-view.ts'
import { text } from '../../texts/index.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { customerList } from '../customers/list.ts'
import { addedByOthers, handedOver } from './assigned.ts'

const t = text.desk
/** So many customers stand in each part. */
const most = 10
/** What was given to somebody is new for so long. */
const newMs = 14 * 86_400_000
const columns = 'name,main_contact,main_mobile,phone,level_id,next_contact_on'

/** Puts one's customers that are due, and those newly given to one, on the workbench. */
export function registerCustomersOnDesk() {
  registerDeskSection(10, ({ db }, request) => ofWhoSees(request, () => dueSection(db, request)))
  registerDeskSection(20, ({ db }, request) => ofWhoSees(request, () => assignedSection(db, request)))
}

const ofWhoSees = async (request: FastifyRequest, make: () => Promise<DeskSection | undefined>) =>
  request.can('customers.view') ? make() : undefined

async function dueSection(db: Knex, request: FastifyRequest): Promise<DeskSection> {
  const asked = `owner_id=${request.viewer.id}&next_contact_on_to=${today()}&sort=next_contact_on`
  const { reference, query } = await queryOf(db, request, `${asked}&per=${most}`)
  const page = await listPage(db, customerList, query)
  const all = `/customers?${asked}`
  return {
    ...tableOf(page.rows, query, reference),
    title: page.total > 0 ? t.dueCount(countText(page)) : t.due,
    note: page.total > most ? t.firstOnly(most) : null,
    allHref: page.total > most ? all : null,
    empty: t.nothingDue,
  }
}

async function assignedSection(db: Knex, request: FastifyRequest): Promise<DeskSection | undefined> {
  const { viewer } = request
  const since = new Date(Date.now() - newMs).toISOString()
  const given = [...(await handedOver(db, viewer, since)), ...(await addedByOthers(db, viewer, since))]
  const ids = [...new Set(given)].slice(0, most)
  if (ids.length === 0) return undefined
  const { reference, query } = await queryOf(db, request, '')
  const mine: Row[] = await visibleCustomers(db, viewer)
    .whereIn('customers.id', ids)
    .where('customers.owner_id', viewer.id)
    .select('customers.*')
  if (mine.length === 0) return undefined
  const rows = await completed(db, customerList, query, mine)
  rows.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id))
  return { ...tableOf(rows, query, reference), title: t.assigned, empty: '' }
}

type Query = ReturnType<typeof readListQuery>

async function queryOf(db: Knex, request: FastifyRequest, asked: string) {
  const reference = await referenceAt(db, request.revision)
  const parameters = parametersIn(`${asked}&columns=${columns}`)
  return { reference, query: readListQuery(customerList, parameters, { reference, viewer: request.viewer }) }
}

function tableOf(rows: Row[], query: Query, reference: Reference) {
  const shown = shownColumns(customerList, query)
  return {
    columns: shown.map(({ name, label, align }) => ({ name, label, align })),
    rows: rows.map((row) => ({ id: row.id, cells: shown.map((column) => column.cell(row, reference)) })),
  }
}
