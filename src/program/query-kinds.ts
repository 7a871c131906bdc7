import type { Knex } from 'knex'
import { type Ask, countAsked } from '../analysis/analyses/counts.ts'
import { type Report, reportBytes } from '../kernel/report/pdf.ts'

/** Everything that is done aside (src/kernel/query-thread/query-thread.ts), by its name; what is asked and answered can be copied between threads. */
export const asideKinds = {
  count: (db: Knex, ask: Ask) => countAsked(db, ask),
  pdf: (_db: Knex, report: Report) => reportBytes(report),
}

export type AsideKinds = typeof asideKinds
