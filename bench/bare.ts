import view from '@fastify/view'
import { Eta } from 'eta'
import Fastify from 'fastify'
import knex from 'knex'
import { readConfig } from '../src/config.ts'
import { customerList } from '../src/customers/customers/list.ts'

/**
 * What the customer list is measured against: the same twenty rows with the names they point to, as the same table, by the
 * same libraries as they come; without session, rights, total, filters and frame.
 */
const { database, port } = readConfig(process.env)
if (database.client === 'mssql') throw new Error('the bare page reads a file')
const connection = { filename: database.file }
const db = knex({ client: 'better-sqlite3', connection, useNullAsDefault: true })
const root = new URL('.', import.meta.url).pathname
const headings = customerList.columns.map(({ label }) => label)

const newest = () =>
  db('customers')
    .leftJoin('dictionary_entries as levels', 'levels.id', 'customers.level_id')
    .leftJoin('dictionary_entries as states', 'states.id', 'customers.status_id')
    .leftJoin('administrative_divisions as provinces', 'provinces.code', 'customers.province_code')
    .leftJoin('administrative_divisions as cities', 'cities.code', 'customers.city_code')
    .leftJoin('users as owners', 'owners.id', 'customers.owner_id')
    .whereNull('customers.deleted_at')
    .orderBy('customers.registered_on', 'desc')
    .orderBy('customers.id', 'desc')
    .limit(20)
    .select('customers.id', 'customers.code', 'customers.name', 'customers.phone', 'customers.mobile')
    .select('customers.next_contact_on', 'customers.registered_on')
    .select('levels.label as level', 'levels.tone as level_tone', 'states.label as state', 'states.tone as state_tone')
    .select('provinces.name as province', 'cities.name as city', 'owners.name as owner')

const app = Fastify()
app.register(view, { engine: { eta: new Eta({ views: root, cache: true }) }, root, viewExt: 'eta', production: true })
app.get('/', async (_request, reply) => reply.view('bare', { headings, rows: await newest() }))
await app.listen({ port })
