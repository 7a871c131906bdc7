import { rekeyingJobs } from './duplicates/rekeying.ts'
import { importJobs } from './imports/jobs.ts'
import type { JobKind } from './jobs/runner.ts'
import { selectionJobs } from './selections/work.ts'

/** Every kind of long work, by its name. */
export const jobKinds: ReadonlyMap<string, JobKind> = new Map(
  [...importJobs, ...selectionJobs, ...rekeyingJobs].map((kind) => [kind.kind, kind]),
)
