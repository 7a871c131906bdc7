import type { Knex } from 'knex'
import { customerAnalyses as allAnalyses } from '../src/customers/customers/counted.ts'
import { bumpRevision } from '../src/kernel/db/cache-revision.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { hashPassword } from '../src/people/users/password.ts'
import { insertUser, userRow } from '../src/people/users/user-row.ts'
import { connect, type Send, sessionOf, signIn } from './client.ts'
import { account } from './database.ts'
import { type Measured, worst } from './list.ts'
import { meanwhile } from './meanwhile.ts'
import type { Figure } from './report.ts'
import { scratchDatabase } from './scratch.ts'
import { startServer } from './server.ts'
import { at, expect, requested } from './timing.ts'

const seller = { username: 'seller', password: account.password }
const customersOfSeller = 2_000
const period = 'registered_on_from=2024-01-01&registered_on_to=2024-12-31'
const conditions = {
  'no condition': '',
  'one year': `?${period}`,
  'against the year before': `?${period}&compare=previous`,
}

/** Every analysis as page and as PDF, for one who sees all and for one who sees 2,000; ten PDFs at once beside another user. */
export async function analysisFigures(count: number): Promise<Figure[]> {
  const suffix = ` at ${count.toLocaleString('en')}`
  const file = await scratchDatabase(count)
  await addSeller(file)
  const server = await startServer('src/start.js', file, '/login')
  try {
    const all = await signIn(server.origin, account)
    const own = await signIn(server.origin, seller)
    return [
      ...(await pageFigures(all, 'who sees all', 150, suffix)),
      ...(await pageFigures(own, `with ${customersOfSeller.toLocaleString('en')} customers`, 30, suffix)),
      await condition(all, suffix),
      await cross(all, suffix),
      ...(await pdfFigures(all, suffix)),
      ...(await tenPdfs(file, count, suffix)),
    ]
  } finally {
    await server.stop()
  }
}

const titleOf = (path: string) => path.replace('/analysis/', '')

async function pageFigures(send: Send, who: string, most: number, suffix: string): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, query] of Object.entries(conditions)) {
    const measured: Measured[] = []
    for (const { name } of allAnalyses) {
      const path = `/analysis/${name}${query}`
      const times = await requested(send, path, { seconds: 2, atMost: 200, warmUp: 5 })
      measured.push({ label: titleOf(path), p50: at(times, 0.5), p99: at(times, 0.99), times: times.length })
    }
    figures.push(worst(`any analysis, ${name}, one ${who}, p99${suffix}`, measured, most))
  }
  return figures
}

/** By another field: no index holds both, so rows are read, aside. */
async function condition(send: Send, suffix: string): Promise<Figure> {
  const page = (await send('/analysis/customer-sources')).body.toString()
  const ids = [...page.matchAll(/source_id=(\d+)/g)].map(([, id]) => id)
  const measured: Measured[] = []
  for (const id of new Set(ids)) {
    const path = `/analysis/customer-levels?source_id=${id}`
    const times = await requested(send, path, { seconds: 2, atMost: 30, warmUp: 1 })
    measured.push({ label: titleOf(path), p50: at(times, 0.5), p99: at(times, 0.99), times: times.length })
  }
  return worst(`a second condition: levels of one source, p99${suffix}`, measured, 150)
}

async function cross(send: Send, suffix: string): Promise<Figure> {
  const times = await requested(send, '/analysis/customer-levels?cross=customer-sources', { seconds: 6, warmUp: 1 })
  return { name: `two fields crossed, all customers, p50${suffix}`, value: at(times, 0.5), unit: 'ms', most: 300 }
}

async function pdfFigures(send: Send, suffix: string): Promise<Figure[]> {
  const more: { label: string; value: number; bytes: number }[] = []
  for (const { name } of allAnalyses)
    for (const query of Object.values(conditions)) {
      const effort = { seconds: 2, atMost: 20, warmUp: 2 }
      const page = await requested(send, `/analysis/${name}${query}`, effort)
      const pdf = await requested(send, `/analysis/${name}.pdf${query}`, effort)
      const { body } = await send(`/analysis/${name}.pdf${query}`)
      more.push({ label: name + query, value: at(pdf, 0.99) - at(page, 0.5), bytes: body.length })
    }
  const slowest = more.reduce((slow, one) => (one.value > slow.value ? one : slow))
  const largest = more.reduce((large, one) => (one.bytes > large.bytes ? one : large))
  return [
    { name: `PDF, more than the page, p99${suffix}`, value: slowest.value, unit: 'ms', most: 300, note: slowest.label },
    { name: `PDF, size${suffix}`, value: largest.bytes / 1024, unit: 'KB', most: 150, note: largest.label },
  ]
}

/** On a server that has done nothing else yet: what the ten take, not all that was looked at before. */
async function tenPdfs(file: string, count: number, suffix: string) {
  const server = await startServer('src/start.js', file, '/login')
  try {
    return await tenAtOnce(server, count, suffix)
  } finally {
    await server.stop()
  }
}

/** Rounds of ten people who each want a PDF at the same moment, while another user reads lists and saves. */
async function tenAtOnce(server: Awaited<ReturnType<typeof startServer>>, count: number, suffix: string) {
  const cookie = await sessionOf(server.origin, account)
  const people = Array.from({ length: 10 }, () => connect(server.origin, { cookie }))
  const paths = allAnalyses.slice(0, 10).map(({ name }) => `/analysis/${name}.pdf?${period}`)
  const rounds = 8
  const name = `ten PDFs at once${suffix}`
  const { seconds, note, figures } = await meanwhile(server, count, name, async () => {
    for (let round = 0; round < rounds; round++)
      await Promise.all(people.map(async (send, at) => expect(await send(paths[at] as string), 200, 'pdf')))
  })
  return [{ name: `${name}, until the last`, value: seconds / rounds, unit: 's', note }, ...figures]
}

/** Somebody who sells, with 2,000 customers. */
async function addSeller(file: string) {
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    const password_hash = await hashPassword(seller.password, { memory: 1024, passes: 1, parallelism: 1 })
    const user_id = await insertUser(db, userRow({ username: seller.username, name: '销售员', password_hash }))
    const { id: role_id } = await db('roles').where({ code: 'sales' }).first('id')
    await db('user_roles').insert({ user_id, role_id })
    await giveCustomers(db, user_id)
    await bumpRevision(db)
  } finally {
    await db.destroy()
  }
}

async function giveCustomers(db: Knex, owner_id: number) {
  const row = await db('customers').max({ last: 'id' }).first()
  const step = Math.floor(Number(row?.last) / customersOfSeller)
  const ids = Array.from({ length: customersOfSeller }, (_, at) => 1 + at * step)
  for (let first = 0; first < ids.length; first += 400)
    await db('customers')
      .whereIn('id', ids.slice(first, first + 400))
      .update({ owner_id })
  const given = await db('customers').where({ owner_id }).whereNull('deleted_at').count({ row_count: '*' }).first()
  await db('tallies').insert({ module: 'customers', name: `owner_id:${owner_id}`, row_count: Number(given?.row_count) })
}
