import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import { longStep } from '../../kernel/jobs/long-step.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { makeBackup, readThrough } from './making.ts'
import { backupFolder, diskProblem, keepNewest, type Way } from './place.ts'
import { backUpServer } from './server.ts'
import { type Found, stage } from './staging.ts'
import { openBackup } from './unpack.ts'

const t = text.backups

export const backupKind = 'backup'
export const checkKind = 'backup-check'
export const stagingKind = 'backup-staging'
export const recordType = 'backups'

/** Nobody asked for what is done by the clock. */
export const clock: Actor = { id: null, name: t.byClock, address: null }

/** Makes a backup, then removes the oldest of those that the program makes by itself. */
const backupJob: JobKind = {
  kind: backupKind,
  href: () => '/maintenance/backups',
  run: async (run) => {
    const { db, config, job } = run
    const way = job.payload.way as Way
    const actor = way === 'scheduled' ? clock : run.actor
    const { companyName, backupsKept } = await readSettings(db)
    const made = { way, by: actor.name, company: companyName }
    const name = await longStep(run, (tell, signal) =>
      config.database.client === 'mssql' ? backUpServer(db, config, made) : makeBackup(config, made, { tell, signal }),
    )
    const removed = await keepNewest(config.dataDir, backupsKept)
    const { seal, close } = await openBackup(pathOf(config, name), config)
    close()
    await run.step(async (trx) => {
      const changes = [fact('seal', seal)]
      await recordEvent(trx, actor, { action: 'backup', record_type: recordType, record_name: name, changes })
      for (const old of removed)
        await recordEvent(trx, actor, { action: 'delete', record_type: recordType, record_name: old })
    })
    return t.made(name)
  },
}

/** Reads a backup through once more. */
const checkJob: JobKind = {
  kind: checkKind,
  href: () => '/maintenance/backups',
  run: async (run) => {
    const name = String(run.job.payload.name)
    const path = pathOf(run.config, name)
    const { size } = await stat(path)
    const { manifest, origin } = await longStep(run, (tell, signal) => {
      let done = 0
      const progress = (bytes: number) => {
        done += bytes
        tell((done * 100) / size)
      }
      return readThrough(path, { ...run.config, progress, signal })
    })
    await run.step((trx) =>
      recordEvent(trx, run.actor, {
        action: 'verify',
        record_type: recordType,
        record_name: name,
        changes: [fact('file_count', manifest.files.length, showCount(manifest.files.length))],
      }),
    )
    return t.checkedWell(showCount(manifest.files.length), t.origins[origin])
  },
}

/** Unpacks a backup beside the present data, checks it and brings it to the present schema; nothing is replaced yet. */
const stagingJob: JobKind = {
  kind: stagingKind,
  href: ({ id, state }) => (state === 'done' ? `/maintenance/restorations/${id}` : undefined),
  run: async (run) => {
    const { name, without_key } = run.job.payload as { name: string; without_key: boolean }
    const found = await longStep(run, (tell, signal) =>
      stage(run.config, pathOf(run.config, name), { withoutKey: without_key, tell, signal }).catch((error) => {
        throw diskProblem(error)
      }),
    )
    await noteFound(run, found)
    return t.staged
  },
}

const noteFound = (run: JobRun, found: Found) =>
  run.step(async () => {
    run.job.payload = { ...run.job.payload, found }
  })

export const pathOf = (config: Config, name: string) => join(backupFolder(config.dataDir), name)

export const backupJobs = [backupJob, checkJob, stagingJob]
