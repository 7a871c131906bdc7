import type { Knex } from 'knex'
import { removePurged } from '../../kernel/files/file.ts'
import { fileFolder } from '../../kernel/files/storage.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import type { JobKind } from '../../kernel/jobs/runner.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { presentBackup } from '../backups/present.ts'
import { type Cleanup, cleanups, removeImportFiles } from './kinds.ts'

const t = text.cleanup

export const cleanupKind = 'cleanup'
export const recordType = 'cleanup'

/** What is asked for: kinds by their codes, and the instant before which they go. */
export type Order = { codes: string[]; before: string; day: string }

export const chosen = (codes: string[]): Cleanup[] => cleanups().filter(({ code }) => codes.includes(code))

/** Removes all that was chosen in one transaction, then the files that belonged to it. */
export const cleanupJob: JobKind = {
  kind: cleanupKind,
  href: () => '/maintenance/cleanup',
  run: async (run) => {
    const { db, config, job, actor } = run
    const { codes, before, day } = job.payload as Order
    const backup = await presentBackup(db, config)
    if (!backup) throw new Refusal({ message: t.noBackup })
    const uploads: string[] = await db('imports').whereNotNull('stored_name').pluck('stored_name')
    const counts = await run.step(async (trx) => {
      const removed = new Map<string, number>()
      for (const { code, remove } of chosen(codes)) removed.set(code, await remove(trx, before, actor))
      await noteCleanup(trx, { actor, removed, day, backup })
      return removed
    })
    for (const { code, removeFiles } of chosen(codes)) {
      const files = (await removeFiles?.(config, before)) ?? 0
      counts.set(code, (counts.get(code) ?? 0) + files)
    }
    await removeImportFiles(db, config, uploads)
    await removePurged(db, fileFolder(config.dataDir))
    return t.outcome(linesOf(counts).join(t.separator))
  },
}

const linesOf = (counts: Map<string, number>) =>
  chosen([...counts.keys()]).map(({ code, label }) => t.line(label, showCount(counts.get(code) ?? 0)))

type Noted = {
  actor: Parameters<typeof recordEvent>[1]
  removed: Map<string, number>
  day: string
  backup: string
}

async function noteCleanup(trx: Knex, { actor, removed, day, backup }: Noted) {
  const changes = [
    fact('before', day),
    fact('backup', backup),
    ...[...removed].map(([code, count]) => fact(code, count, showCount(count))),
  ]
  const at = showInstant(new Date())
  await recordEvent(trx, actor, { action: 'cleanup', record_type: recordType, record_name: at, changes })
}
