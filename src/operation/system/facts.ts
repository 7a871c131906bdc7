import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { describeDatabase } from '../../kernel/db/size.ts'
import { showSize } from '../../kernel/files/size.ts'
import { type Job, visibleJobs } from '../../kernel/jobs/job.ts'
import { leftOutModules } from '../../kernel/modules/catalogue.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { listBackups } from '../backups/place.ts'
import { program } from '../backups/program.ts'
import { eventText, readLog } from './log-file.ts'
import { mailFacts } from './mail-facts.ts'
import { repeatedFacts } from './repeated.ts'

const t = text.system
const day = 86_400
/** Less than this on the disk is said in red. */
const littleBytes = 2 * 1024 ** 3
const mostErrors = 5
/** Without a backup for so long it is said in red: one a week is preset. */
const staleMs = 8 * day * 1000

export type Item = { label: string; text: string; tone?: string; href?: string; isWide?: boolean }

/** What can be told of the program and the machine it runs on, in groups as views/shared/_card.eta wants them. */
export async function systemFacts(app: FastifyInstance, viewer: Viewer): Promise<{ title: string; items: Item[] }[]> {
  const repeated = await repeatedFacts(app.db, viewer)
  const leftOut = leftOutFacts()
  return [
    ...(leftOut.length > 0 ? [{ title: t.leftOut.title, items: leftOut }] : []),
    ...(repeated.length > 0 ? [{ title: t.repeated.title, items: repeated }] : []),
    { title: t.program, items: programFacts(app) },
    { title: t.data, items: await dataFacts(app) },
    { title: t.work, items: await workFacts(app.db) },
    { title: t.mail, items: await mailFacts(app.db) },
    { title: t.errors, items: await errorFacts(app, viewer) },
  ]
}

/** Modules that rows define and that cannot be. */
export const leftOutFacts = (): Item[] =>
  leftOutModules().map(({ module, problem }) => ({
    label: module.label,
    text: t.leftOut.because(module.path, problem),
    tone: 'red',
    isWide: true,
  }))

function programFacts({ config }: FastifyInstance): Item[] {
  const { rss } = process.memoryUsage()
  return [
    { label: t.version, text: program },
    { label: 'Node.js', text: process.version },
    { label: t.host, text: hostname() },
    { label: t.startedAt, text: showInstant(new Date(Date.now() - process.uptime() * 1000)) },
    { label: t.memory, text: showSize(rss) },
    { label: t.logLevel, text: config.logLevel },
  ]
}

async function dataFacts({ db, config }: FastifyInstance): Promise<Item[]> {
  const { kind, version, bytes } = await describeDatabase(db, config.database)
  return [
    { label: t.database, text: `${kind} ${version}` },
    { label: t.size, text: bytes > 0 ? showSize(bytes) : t.inMemory },
    ...(await diskFacts(config.dataDir)),
    { label: t.folder, text: config.dataDir, isWide: true },
    await backupFact(config.dataDir),
  ]
}

export async function backupFact(dataDir: string): Promise<Item> {
  const newest = (await listBackups(dataDir)).find(({ way }) => way !== 'uploaded')
  const isStale = !newest || Date.now() - Date.parse(newest.createdAt) > staleMs
  return {
    label: t.backup,
    text: newest ? showInstant(newest.createdAt) : t.noBackup,
    ...(isStale && { tone: 'red' }),
  }
}

export async function diskFacts(folder: string): Promise<Item[]> {
  const disk = await statfs(folder).catch(() => undefined)
  if (!disk) return []
  const [free, whole] = [disk.bavail * disk.bsize, disk.blocks * disk.bsize]
  return [
    { label: t.disk, text: t.diskOf(showSize(free), showSize(whole)), ...(free < littleBytes && { tone: 'red' }) },
  ]
}

/** What the program wrote down last of what went wrong; all of it stands in the log. */
async function errorFacts({ db, config }: FastifyInstance, viewer: Viewer): Promise<Item[]> {
  const lines = (await readLog(config.dataDir, { level: 50, words: '' }, mostErrors)).map((line) =>
    t.error(showInstant(new Date(line.time)), [line.number, eventText(line)].filter(Boolean).join(' ')),
  )
  const failed = { 'jobs.state': 'failed' }
  const jobs: Job[] = await visibleJobs(db, viewer).where(failed).orderBy('jobs.id', 'desc').limit(mostErrors)
  return [
    { label: t.log, text: lines.join('\n') || t.noErrors, isWide: true },
    {
      label: t.failed,
      text:
        jobs
          .map((job) => t.error(showInstant(job.finished_at), text.common.pair(job.title, job.outcome ?? '')))
          .join('\n') || t.noErrors,
      isWide: true,
    },
  ]
}

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  return Number((await query.count({ row_count: '*' }).first())?.row_count ?? 0)
}

async function workFacts(db: Knex): Promise<Item[]> {
  const state = (name: string) => countOf(db('jobs').where({ state: name }))
  return [
    { label: t.sessions, text: showCount(await countOf(db('sessions'))) },
    { label: t.waiting, text: showCount(await state('waiting')) },
    { label: t.running, text: showCount(await state('running')) },
    { label: t.failed, text: showCount(await state('failed')) },
  ]
}
