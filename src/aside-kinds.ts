import type { Knex } from 'knex'
import { type Ask, countAsked } from './analysis/counts.ts'
import { type Report, reportBytes } from './report/pdf.ts'

/** Everything that is done aside (src/aside/aside.ts), by its name; what is asked and answered can be copied between threads. */
export const asideKinds = {
  count: (db: Knex, ask: Ask) => countAsked(db, ask),
  pdf: (_db: Knex, report: Report) => reportBytes(report),
}

export type AsideKinds = typeof asideKinds
