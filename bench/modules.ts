import { rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { openDatabase } from '../src/kernel/db/open.ts'
import { declareModules } from '../src/kernel/modules/catalogue.ts'
import { listOf } from '../src/kernel/modules/list.ts'
import { type Reference, referenceAt } from '../src/kernel/reference.ts'
import { listPage } from '../src/kernel/web/list-page.ts'
import { parametersIn, readListQuery } from '../src/kernel/web/list-query.ts'
import type { Scope, Viewer } from '../src/kernel/web/viewer.ts'
import { everybody } from '../src/kernel/web/viewers.ts'
import { makeOrders, orders } from './orders.ts'
import { at, timed } from './timing.ts'

/**
 * The list of a declared module at 5,000,000 rows, or as many as the first argument says, for people whose rights reach
 * differently far: each case by itself, its p50 and p99. A second argument is a file that is there already, and stays.
 */

const most = 50
const [count = 5_000_000, kept] = [Number(process.argv[2] ?? 5_000_000), process.argv[3]]
const say = (line: string) => process.stdout.write(`${line}\n`)
const bytesARow = 2_000

declareModules([orders])
const file = kept ?? (await made())
const db = openDatabase({ client: 'better-sqlite3', file })
try {
  await measure(db)
} finally {
  await db.destroy()
  if (!kept) for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true })
}

async function made(): Promise<string> {
  const { bavail, bsize } = statfsSync(tmpdir())
  if (bavail * bsize < count * bytesARow) throw new Error('too little room on the disk')
  const file = join(tmpdir(), `kehu-orders-${process.pid}.db`)
  await makeOrders(file, count)
  return file
}

function lookers(people: number[]): [name: string, viewer: Viewer][] {
  const reaching = (reach: Scope): Viewer => ({ ...everybody, id: people[0] as number, scope: () => reach })
  return [
    ['all', everybody],
    ['manager of 300', reaching(new Set(people.slice(100, 400)))],
    ['manager of 10', reaching(new Set(people.slice(100, 110)))],
    ['salesperson', reaching(new Set(people.slice(100, 101)))],
  ]
}

async function casesOf(db: Knex, reference: Reference): Promise<string[]> {
  const entries = (name: string) => reference.dictionary(name).map(({ id }) => id)
  const [levels, states, kinds] = ['customer-levels', 'customer-states', 'industries'].map(entries) as [
    number[],
    number[],
    number[],
  ]
  const owner = await db('users').orderBy('id').offset(105).first('id')
  const filters = [
    `level_id=${levels[0]}`,
    `level_id=${levels.at(-1)}`,
    `state_id=${states[0]}`,
    `state_id=${states[1]}`,
    `kind_id=${kinds[0]}`,
    `kind_id=${kinds[1]}`,
    `kind_id=${kinds[3]}`,
    `owner_id=${owner.id}`,
    'ordered_on_from=2026-11-01',
    'ordered_on_to=2021-12-31',
    'due_on_from=2024-03-01&due_on_to=2024-03-31',
    'ordered_on_from=2022-01-01',
  ]
  const sorts = ['subject', 'level_id', 'state_id', 'kind_id', 'ordered_on', 'due_on', 'owner_id', 'updated_at']
  const both = sorts.flatMap((name) => [`sort=${name}`, `sort=-${name}`])
  return [
    '',
    'page=500',
    'page=999999999',
    ...both,
    ...both.map((sort) => `${sort}&page=999999999`),
    ...filters,
    ...filters.map((filter) => `${filter}&page=999999999`),
    ...filters.flatMap((filter) => both.map((sort) => `${filter}&${sort}`)),
    `level_id=${levels[0]}&kind_id=${kinds[3]}`,
    `level_id=${levels[0]}&state_id=${states[2]}&kind_id=${kinds[3]}`,
    `state_id=${states[0]}&ordered_on_from=2026-11-01`,
    ...[
      '合同',
      '采购合同',
      '框架协议',
      '有限公司',
      '科技',
      '长春',
      '鑫',
      '长春办事处',
      '西双版纳',
      'cght',
      '第三分公司',
      '不存在的',
      '美饰家',
    ].map((q) => `q=${q}`),
    'q=采购合同&sort=-ordered_on',
    `q=采购合同&level_id=${levels[0]}`,
    'q=合同&page=999999999',
  ]
}

async function measure(db: Knex) {
  const reference = await referenceAt(db, 1)
  const people: number[] = await db('users').orderBy('id').pluck('id')
  const only = new RegExp(process.argv[4] ?? '')
  const cases = (await casesOf(db, reference)).filter((one) => only.test(one))
  for (const [name, viewer] of lookers(people)) {
    const measured = []
    for (const label of cases) {
      const list = listOf(orders)
      const query = readListQuery(list, parametersIn(label), { reference, viewer })
      let said = ''
      const work = async () => {
        const { total, isCapped, page } = await listPage(db, list, query)
        said = `${total}${isCapped ? '+' : ''} p${page}`
      }
      const before = process.cpuUsage()
      const times = await timed(work, { seconds: 0.4, atMost: 50, warmUp: 1 })
      const { user, system } = process.cpuUsage(before)
      const processor = (user + system) / 1000 / (times.length + 1)
      measured.push({ label, said, p50: at(times, 0.5) ?? 0, p99: at(times, 0.99) ?? 0, processor })
    }
    measured.sort((a, b) => b.processor - a.processor)
    const above = measured.filter(({ processor }) => processor > most).length
    say(`${name}: ${above} of ${measured.length} above ${most} ms`)
    for (const { label, said, p50, p99, processor } of measured.slice(0, 12))
      say(
        `  ${processor.toFixed(1).padStart(8)} ${p50.toFixed(1).padStart(8)} ${p99.toFixed(1).padStart(8)}  ${said.padEnd(14)} ${label}`,
      )
  }
}
process.exit(0)
