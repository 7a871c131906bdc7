import type { Knex } from 'knex'
import { bumpRevision } from '../src/kernel/db/cache-revision.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { setSuperior } from '../src/people/users/superiors.ts'
import type { Case } from './cases.ts'
import { type Send, signIn } from './client.ts'
import { account, benchDatabase } from './database.ts'
import { measureCases, worst } from './list.ts'
import { type Figure, keep, table } from './report.ts'
import { startServer } from './server.ts'
import { signInFigures } from './sign-in.ts'
import { at, requested, timed } from './timing.ts'

/** The customer list at 1,000,000 customers for people whose rights reach differently far, and their sign-in. */

const count = 1_000_000
const people = 500
const below = 300
const most = 15

/** A salesperson with a five-hundredth of the customers, a manager above 300 such people, and one who sees all. */
const lookers = [
  { name: 'a salesperson', username: 'user400', role: 'sales' },
  { name: `a manager of ${below}`, username: 'user1', role: 'sales_manager' },
  { name: 'one who sees all', username: 'mr', role: 'administrator' },
]

async function arrange(db: Knex) {
  const idOf = async (username: string) => (await db('users').where({ username }).first('id')).id as number
  const { password_hash } = await db('users').where({ username: account.username }).first('password_hash')
  for (const { username, role } of lookers) {
    const user_id = await idOf(username)
    await db('users').where({ id: user_id }).update({ password_hash, failures: 0, locked_until_at: null })
    const { id: role_id } = await db('roles').where({ code: role }).first('id')
    await db('user_roles').where({ user_id }).delete()
    await db('user_roles').insert({ user_id, role_id })
  }
  const manager = await idOf('user1')
  for (let index = 2; index < below + 2; index++) await setSuperior(db, await idOf(`user${index}`), manager)
  await bumpRevision(db)
}

const cases: Case[] = [
  'level_id=1',
  'q=科技',
  'q=8497',
  'q=科技&sort=name',
  'sort=name',
  'sort=-next_contact_on',
  'level_id=1&source_id=10',
  'registered_on_from=2024-03-01&registered_on_to=2024-03-31',
  'page=100',
].map((query) => ({ label: query, path: `/customers?${query}` }))

async function figuresOf(send: Send, name: string): Promise<Figure[]> {
  const first = await requested(send, '/customers', { seconds: 4, warmUp: 50 })
  const measured = await measureCases(send, cases)
  return [
    { name: `list for ${name}, p99`, value: at(first, 0.99), unit: 'ms', most },
    { name: `list for ${name}, p50`, value: at(first, 0.5), unit: 'ms' },
    worst(`filters, searches and orders for ${name}, p99`, measured),
    {
      name: `contacts for ${name}, p50`,
      value: at(await requested(send, '/contacts', { seconds: 2 }), 0.5),
      unit: 'ms',
    },
  ]
}

/** A manager with 10,000 people below gets another superior. */
async function moveFigure(): Promise<Figure> {
  const db = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
  const { migrate } = await import('../src/kernel/db/migrate.ts')
  await migrate(db)
  const { insertAll } = await import('../src/kernel/db/dialect.ts')
  const { insertUser, userRow } = await import('../src/people/users/user-row.ts')
  const row = (name: string, superior_id: number | null = null) =>
    userRow({ username: name, name, password_hash: '-', superior_id })
  const [boss, other, manager] = [
    await insertUser(db, row('b')),
    await insertUser(db, row('o')),
    await insertUser(db, row('m')),
  ]
  await setSuperior(db, manager, boss)
  const rows = Array.from({ length: 10_000 }, (_, index) => row(`p${index}`, manager))
  await insertAll(db, 'users', rows)
  const ids: number[] = await db('users').where({ superior_id: manager }).pluck('id')
  const ways = ids.flatMap((user_id) => [
    { superior_id: user_id, user_id, depth: 0 },
    { superior_id: manager, user_id, depth: 1 },
    { superior_id: boss, user_id, depth: 2 },
  ])
  await insertAll(db, 'superior_paths', ways)
  let turn = 0
  const times = await timed(() => db.transaction((trx) => setSuperior(trx, manager, turn++ % 2 ? boss : other)), {
    seconds: 5,
    atMost: 10,
    warmUp: 1,
  })
  await db.destroy()
  return { name: 'a manager with 10,000 people below moves, p99', value: at(times, 0.99), unit: 'ms', most: 1000 }
}

const file = await benchDatabase(count, people)
const db = openDatabase({ client: 'better-sqlite3', file })
await arrange(db)
await db.destroy()
const server = await startServer('src/start.js', file, '/login')
const figures: Figure[] = [await moveFigure()]
for (const { name, username } of lookers)
  figures.push(...(await figuresOf(await signIn(server.origin, { ...account, username }), name)))
await server.stop()
figures.push(...(await signInFigures(file, ' at 1,000,000')))
process.stdout.write(`${table(figures)}\n${keep(figures, {})}\n`)
process.exit(0)
