import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { askForJob } from '../../kernel/jobs/job.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { viewerAt } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { takeImport } from './applying/apply.ts'
import { checkImport } from './checking/check.ts'
import { doubtfulRows } from './checking/findings.ts'
import { fileProblem } from './checking/problems.ts'
import { findImport, type Import, type StoredState, saveImport, stateOf } from './import.ts'
import { undoImport } from './undoing/undo.ts'
import { importFolder, importOf } from './work.ts'

/** The work of each state, as a kind of job. */
const works = { checking: checkImport, taking: takeImport, undoing: undoImport }
type Working = keyof typeof works
const titles = { checking: text.imports.jobs.check, taking: text.imports.jobs.take, undoing: text.imports.jobs.undo }
const kindOf = (state: Working) => `import-${state}`

/** How imports are checked, taken in and undone. */
export const importJobs: JobKind[] = (Object.keys(works) as Working[]).map((state) => ({
  kind: kindOf(state),
  run: (run) => workOn(run, works[state]),
  href: ({ payload }) => `/imports/${payload.import}`,
}))

/** A file that cannot be read ends the import with a sentence. A file of no more use is removed. */
async function workOn(run: JobRun, work: (run: JobRun) => Promise<string>): Promise<string> {
  try {
    // With the rights of a person come the modules that rows define.
    await viewerAt(run.db, await currentRevision(run.db), run.actor.id as number)
    return await work(run)
  } catch (error) {
    const failure = fileProblem(error)
    if (!failure) throw error
    await saveImport(run.db, (await importOf(run)).id, { state: 'failed', failure })
    throw new Refusal({ message: failure })
  } finally {
    await removeUseless(run)
  }
}

/** The file is kept as long as rows to be corrected can be fetched from it. */
async function removeUseless(run: JobRun) {
  const { id, state, stored_name, rows_wrong, evidence } = await importOf(run)
  const isUseless =
    state === 'failed' || state === 'undone' || (state === 'done' && rows_wrong === 0 && doubtfulRows(evidence) === 0)
  if (!isUseless || !stored_name) return
  await rm(join(importFolder(run.config.dataDir), stored_name), { force: true })
  await saveImport(run.db, id, { stored_name: null })
}

type Asked = { from: readonly StoredState[]; to: Working; saved?: Partial<Import>; actor: Actor }

/** Long enough that an ordinary file is done when its page comes. */
const patience = 800

/**
 * Begins the next work on an import that stands in one of the states `from`, or goes on with the work `to` that was
 * stopped; answers when it is done or takes long. Of several that ask at once, one is heard. `more` is done with it.
 */
export async function beginWork(
  app: FastifyInstance,
  id: number,
  asked: Asked,
  more: (trx: Knex) => Promise<void> = async () => {},
) {
  const job = await app.db.transaction(async (trx) => {
    await more(trx)
    return askForWork(trx, id, asked)
  })
  if (job !== undefined) await app.jobSoon(job, patience)
}

async function askForWork(trx: Knex, id: number, { from, to, saved = {}, actor }: Asked): Promise<number | undefined> {
  const one = await findImport(trx, id)
  const isStopped = one.state === to && ['cancelled', 'interrupted'].includes(stateOf(one))
  if (!isStopped && !from.includes(one.state)) return undefined
  const total = to === 'taking' ? one.rows_right + one.rows_wrong : null
  const job = {
    kind: kindOf(to),
    title: titles[to](one.file_name).slice(0, 300),
    payload: { import: id },
    total,
    actor,
  }
  const claim = { state: to, ...(isStopped ? {} : { next_row: 0, failure: null }) }
  const isHeard = await trx('imports').where({ id, state: one.state, job_id: one.job_id }).update(claim)
  if (!isHeard) return undefined
  const job_id = await askForJob(trx, job)
  await saveImport(trx, id, { ...(isStopped ? {} : saved), job_id })
  return job_id
}
