import { archiveJob } from './archive/jobs.ts'
import { cleanupJob } from './audit-log/cleanup.ts'
import { verificationJob } from './audit-log/verification.ts'
import { backupJobs } from './backups/jobs.ts'
import { cleanupJob as dataCleanupJob } from './cleanup/work.ts'
import { rekeyingJobs } from './duplicates/rekeying.ts'
import { handoverJob } from './handovers/work.ts'
import { importJobs } from './imports/jobs.ts'
import type { JobKind } from './jobs/runner.ts'
import { exportJob } from './made-files/export-job.ts'
import { mailJob } from './mail/sending.ts'
import { undoJob } from './selections/undo.ts'
import { selectionJobs } from './selections/work.ts'

/** Every kind of long work, by its name. */
export const jobKinds: ReadonlyMap<string, JobKind> = new Map(
  [
    ...importJobs,
    ...selectionJobs,
    undoJob,
    ...rekeyingJobs,
    ...backupJobs,
    archiveJob,
    dataCleanupJob,
    verificationJob,
    cleanupJob,
    handoverJob,
    mailJob,
    exportJob,
  ].map((kind) => [kind.kind, kind]),
)
