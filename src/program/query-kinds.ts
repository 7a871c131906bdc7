import '../modules.ts'
import { countAsked } from '../analysis/analyses/counts.ts'
import type { AsideKinds } from '../kernel/query-thread/query-thread.ts'
import { reportBytes } from '../kernel/report/pdf.ts'

declare module '../kernel/query-thread/query-thread.ts' {
  interface AsideKinds {
    count: typeof countAsked
  }
}

export const asideKinds: AsideKinds = {
  count: countAsked,
  pdf: (_db, report) => reportBytes(report),
}
