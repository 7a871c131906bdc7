import { openDatabase } from '../src/kernel/db/open.ts'
import { analysisFigures } from './analysis.ts'
import { filterCases, mixedCases, partCases, searchCases, sortCases, storedCases, typedCases } from './cases.ts'
import { asPart, type Send, signIn } from './client.ts'
import { account, benchDatabase } from './database.ts'
import { duplicateFigures } from './duplicates.ts'
import { listFigures, measureCases, worst } from './list.ts'
import { recordFigures } from './records.ts'
import { type Figure, isReached, keep, table } from './report.ts'
import { type Server, startServer } from './server.ts'
import { signInFigures } from './sign-in.ts'
import { visitFigures } from './visit.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const sizes = [100_000, 1_000_000]
const began = Date.now()
const details: Record<string, unknown> = {}

async function measure(count: number): Promise<Figure[]> {
  const suffix = ` at ${count.toLocaleString('en')}`
  const file = await benchDatabase(count)
  say(`${seconds()} s  database of ${count} ready`)
  const cases = await casesOf(file, count)
  const bare = await startServer('bench/bare.ts', file, '/')
  const first = await startServer('src/start.js', file, '/login')
  await first.stop()
  const server = await startServer('src/start.js', file, '/login')
  const idle = server.residentMb()
  const send = await signIn(server.origin, account)
  try {
    const figures = [
      ...startFigures(server, idle, suffix),
      ...(await listFigures(send, bare, suffix)),
      ...(await recordFigures(send, count, suffix)),
      ...(await duplicateFigures(file, count, suffix)),
    ]
    if (count !== sizes.at(-1)) return figures
    return [
      ...figures,
      ...(await visitFigures(server, send)),
      ...(await casesFigures(send, cases)),
      ...(await signInFigures(file, suffix)),
    ]
  } finally {
    await Promise.all([bare.stop(), server.stop()])
  }
}

const startFigures = (server: Server, idle: number, suffix: string): Figure[] => [
  { name: `start to first answer${suffix}`, value: server.startMs, unit: 'ms', most: 2000, note: 'the second start' },
  {
    name: `idle memory${suffix}`,
    value: idle,
    unit: 'MB',
    most: 150,
    note: 'resident, after start and the sign-in page',
  },
]

async function casesOf(file: string, count: number) {
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    return {
      searches: [...searchCases, ...(await storedCases(db))],
      filters: await filterCases(db),
      sorts: sortCases(count),
      mixed: await mixedCases(db),
      parts: partCases,
    }
  } finally {
    await db.destroy()
  }
}

async function casesFigures(
  send: Send,
  { searches, filters, sorts, mixed, parts }: Awaited<ReturnType<typeof casesOf>>,
) {
  const limits = { searches: 30, typed: 30, filters: 50, sorts: 50, mixed: undefined, parts: 150 }
  const names = {
    searches: 'any search, p99',
    typed: 'what is proposed while one types, p99',
    filters: 'any filter, p99',
    sorts: 'any order and page, p99',
    mixed: 'several at once, p99',
    parts: 'contacts that contain a part, p99',
  }
  const figures: Figure[] = []
  const typed = typedCases(searches)
  for (const [kind, cases] of Object.entries({ searches, typed, filters, sorts, mixed, parts })) {
    const measured = await measureCases(kind === 'typed' ? asPart(send, 'search-matches') : send, cases)
    details[kind] = measured.sort((a, b) => b.p99 - a.p99)
    figures.push(worst(names[kind as keyof typeof names], measured, limits[kind as keyof typeof limits]))
  }
  return figures
}

const seconds = () => ((Date.now() - began) / 1000).toFixed(0)

const figures: Figure[] = []
for (const count of sizes) figures.push(...(await measure(count)))
figures.push(...(await analysisFigures(sizes.at(-1) as number)))
say(table(figures))
say(
  `${figures.filter((figure) => !isReached(figure)).length} figures missed; ${seconds()} s; ${keep(figures, details)}`,
)
process.exit(0)
