import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import { insertAll } from '../src/kernel/db/dialect.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { eventRow } from '../src/kernel/history/history.ts'
import { beginCheck, checkBlock } from '../src/operation/audit-log/check.ts'
import { linkEvents } from '../src/operation/audit-log/sealer.ts'
import type { Case } from './cases.ts'
import { type Send, signIn } from './client.ts'
import { account, benchDatabase } from './database.ts'
import { measureCases, worst } from './list.ts'
import { logDatabase, logPlace } from './log-fill.ts'
import { type Figure, keep, table } from './report.ts'
import { startServer } from './server.ts'
import { at, requested, timed } from './timing.ts'

/** The operation log with five million entries: its own pages, what it costs to write to it, and what it costs others. */

const count = 5_000_000
const customers = 100_000
const most = 100

const oneCase = (query: string): Case => ({ label: query || 'first page', path: `/audit-log?${query}` })

async function cases(db: Knex): Promise<Record<string, Case[]>> {
  const { id, name, code } = await db('customers').where({ id: 50_007 }).first('id', 'name', 'code')
  const [busy, idle] = [2, 50]
  const month = 'occurred_on_from=2026-03-01&occurred_on_to=2026-03-31'
  const ranges = [month, 'occurred_on_from=2025-01-01', 'occurred_on_to=2025-06-30', 'occurred_on_from=2030-01-01']
  const about = [id, name, code, '没有这条记录'].map((record) => `record=${encodeURIComponent(record)}`)
  const people = [busy, idle].map((id) => `user_id=${id}`)
  const actions = ['update', 'purge', 'import'].map((action) => `action=${action}`)
  const kinds = ['customers', 'settings', 'roles'].map((kind) => `record_type=${kind}`)
  const together = (...parts: string[][]) =>
    parts.reduce((all, part) => all.flatMap((before) => part.map((one) => `${before}&${one}`)))
  return {
    'first page': ['', 'per=100'].map(oneCase),
    'a filter': [...people, 'user_id=none', ...actions, ...kinds, ...ranges, ...about].map(oneCase),
    'person and action and period': together(people, actions, ranges).map(oneCase),
    'other filters together': [
      ...together(people, kinds),
      ...together(kinds, actions),
      ...together(people, kinds, actions),
      ...together(kinds, ranges),
      ...together(people, about),
    ].map(oneCase),
    'a deep page': ['', people[0], actions[0], kinds[0], month].flatMap((query) =>
      [500, 1_000].map((page) => oneCase(`${query}&page=${page}&per=10`)),
    ),
    'oldest first': ['sort=occurred_at', `sort=occurred_at&${people[0]}&page=900`].map(oneCase),
  }
}

async function pageFigures(send: Send, all: Record<string, Case[]>, details: Record<string, unknown>) {
  const figures: Figure[] = []
  for (const [name, some] of Object.entries(all)) {
    const measured = await measureCases(send, some)
    details[name] = measured.sort((a, b) => b.p99 - a.p99)
    figures.push(worst(`log, ${name}, p99`, measured, most))
  }
  return figures
}

async function cardFigures(file: string, suffix: string): Promise<Figure[]> {
  const server = await startServer('src/start.js', file, '/login')
  try {
    const send = await signIn(server.origin, account)
    const history = await requested(send, '/customers/5007/history', { seconds: 3, atMost: 300 })
    const list = await requested(send, '/customers', { seconds: 3, atMost: 300 })
    return [
      { name: `history tab of a customer, p50${suffix}`, value: at(history, 0.5), unit: 'ms' },
      { name: `history tab of a customer, p99${suffix}`, value: at(history, 0.99), unit: 'ms' },
      { name: `customer list, p50${suffix}`, value: at(list, 0.5), unit: 'ms' },
      { name: `customer list, p99${suffix}`, value: at(list, 0.99), unit: 'ms' },
    ]
  } finally {
    await server.stop()
  }
}

const actor = { id: 1, name: '用户1', address: '10.0.0.1' }
const eventOf = (record_id: number) =>
  eventRow(actor, {
    action: 'create',
    record_type: 'customers',
    record_id,
    record_version: 1,
    record_name: '长春甲公司',
  })

/** What an entry costs those that write many, and what sealing it costs. */
async function writeFigures(file: string, suffix: string): Promise<Figure[]> {
  const db = openDatabase({ client: 'better-sqlite3', file })
  const rows = () => Array.from({ length: 200 }, (_, index) => eventOf(1 + index))
  const batch = async (work: (trx: Knex) => Promise<void>) => void (await db.transaction(work))
  try {
    await linkEvents(db, logPlace(file))
    const made = await timed(async () => void rows(), { seconds: 2, atMost: 500 })
    const written = await timed(() => batch((trx) => insertAll(trx, 'events', rows())), { seconds: 5, atMost: 100 })
    const start = performance.now()
    await linkEvents(db, logPlace(file))
    const sealed = performance.now() - start
    return [
      { name: `making an entry with its hash${suffix}`, value: (1000 * at(made, 0.5)) / 200, unit: 'µs' },
      { name: `writing an entry, 200 at once${suffix}`, value: (1000 * at(written, 0.5)) / 200, unit: 'µs' },
      { name: `sealing an entry${suffix}`, value: (1000 * sealed) / (103 * 200), unit: 'µs' },
    ]
  } finally {
    await db.destroy()
  }
}

async function checkFigures(file: string): Promise<Figure[]> {
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    await linkEvents(db, logPlace(file))
    const check = await beginCheck(db, logPlace(file))
    const start = performance.now()
    let longest = 0
    for (let isMore = true; isMore; ) {
      const began = performance.now()
      isMore = await checkBlock(db, check, logPlace(file))
      longest = Math.max(longest, performance.now() - began)
      await pause(0)
    }
    if (check.fault_count > 0) throw new Error(`the chain is broken: ${JSON.stringify(check.first_fault)}`)
    return [
      { name: `check of ${check.row_count} entries`, value: (performance.now() - start) / 1000, unit: 's' },
      { name: 'check, longest block of 1,000', value: longest, unit: 'ms' },
    ]
  } finally {
    await db.destroy()
  }
}

const began = Date.now()
const say = (line: string) => process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0)} s  ${line}\n`)
const details: Record<string, unknown> = {}
const file = await logDatabase(count)
say(`database with ${count} entries ready`)
const db = openDatabase({ client: 'better-sqlite3', file })
const all = await cases(db)
await db.destroy()
const server = await startServer('src/start.js', file, '/login')
await pause(5_000)
const figures = await pageFigures(await signIn(server.origin, account), all, details)
await server.stop()
say('pages measured')
const plain = await benchDatabase(customers)
figures.push(...(await cardFigures(plain, ', empty log')), ...(await cardFigures(file, ', full log')))
figures.push(...(await writeFigures(plain, ', empty log')), ...(await writeFigures(file, ', full log')))
say('writing measured')
figures.push(...(await checkFigures(file)))
process.stdout.write(`${table(figures)}\n${keep(figures, details)}\n`)
process.exit(0)
