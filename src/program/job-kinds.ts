import './import-kinds.ts'
import { rekeyingJobs } from '../customers/duplicates/rekeying.ts'
import type { JobKind } from '../kernel/jobs/runner.ts'
import { exportJob } from '../kernel/made-files/export-job.ts'
import { undoJob } from '../kernel/selections/undo.ts'
import { selectionJobs } from '../kernel/selections/work.ts'
import { mailJob } from '../mail/messages/sending.ts'
import { archiveJob } from '../operation/archive/jobs.ts'
import { cleanupJob } from '../operation/audit-log/cleanup.ts'
import { verificationJob } from '../operation/audit-log/verification.ts'
import { backupJobs } from '../operation/backups/jobs.ts'
import { cleanupJob as dataCleanupJob } from '../operation/cleanup/work.ts'
import { importJobs } from '../operation/imports/jobs.ts'
import { handoverJob } from '../people/hand-overs/work.ts'
import { exportedLists } from './exported-lists.ts'

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
    exportJob(exportedLists),
  ].map((kind) => [kind.kind, kind]),
)
