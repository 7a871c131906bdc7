import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { storageFault } from '../db/dialect.ts'
import { text } from '../texts/index.ts'
import type { Actor } from '../web/session.ts'
import { checkImport } from './check.ts'
import { failImport, findImport, type Import, Overtaken, releaseImport } from './import.ts'
import type { Job } from './job.ts'
import { fileProblem } from './problems.ts'
import { takeImport } from './take.ts'

/** Does the long work of imports behind the requests; stops with the program after the batch it is at. */
export function importWork(app: FastifyInstance, folder: string) {
  const running = new Set<Promise<void>>()
  let isStopping = false
  app.addHook('preClose', async () => {
    isStopping = true
    await Promise.all(running)
  })
  /** Begins or goes on with a claimed import. The promise ends with the work and never fails. */
  return function work(imported: Import, actor: Actor): Promise<void> {
    const path = join(folder, imported.stored_name ?? '')
    const job = { db: app.db, imported: { ...imported }, path, actor, isStopping: () => isStopping }
    const done = workOn(app, job).catch((err) => app.log.error({ err }, 'import: could not note down how it ended'))
    running.add(done)
    return done.finally(() => running.delete(done))
  }
}

async function workOn(app: FastifyInstance, job: Job) {
  const { id } = job.imported
  try {
    await (job.imported.state === 'checking' ? checkImport(job) : takeImport(job))
    if (job.isStopping()) await releaseImport(app.db, id)
  } catch (error) {
    if (error instanceof Overtaken) return
    const problem = fileProblem(error)
    if (problem) await failImport(app.db, id, problem)
    else {
      app.log.error({ err: error, import: id }, 'import interrupted')
      const fault = storageFault(error)
      await releaseImport(app.db, id, fault ? text.errors[fault] : text.imports.fault)
    }
  }
  if ((await findImport(app.db, id)).stored_name === null) await rm(job.path, { force: true })
}
