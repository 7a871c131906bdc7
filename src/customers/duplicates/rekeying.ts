import type { Knex } from 'knex'
import { askForJob } from '../../kernel/jobs/job.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { isAboutPhones, rekeyAfter } from '../../kernel/modules/alike-keys.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { modulesWithRecords } from '../../kernel/modules/own-table.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { rekeyCustomers } from './keys.ts'

const kind = 'customer-keys'
const perStep = 250

/** Asks for the keys of all customers to be made anew, in the transaction that changes the rule they follow. */
export async function askForRekeying(trx: Knex, actor: Actor, areaCode: string): Promise<number> {
  const counted = await trx('customers').count({ row_count: '*' }).first()
  const total = Number(counted?.row_count ?? 0)
  return askForJob(trx, { kind, title: text.duplicates.rekeying(areaCode), payload: { last: 0 }, total, actor })
}

/** How that is done: by their ids, from behind the last one on; customers that are saved meanwhile follow the rule already. */
export const rekeyingJobs: JobKind[] = [{ kind, run: rekeyAll }]

async function rekeyAll(run: JobRun): Promise<string> {
  const { job, step } = run
  let isMore = true
  while (isMore)
    isMore = await step(async (trx) => {
      const ids: number[] = await trx('customers')
        .where('id', '>', Number(job.payload.last))
        .orderBy('id')
        .limit(perStep)
        .pluck('id')
      await rekeyCustomers(trx, ids)
      job.payload = { last: ids.at(-1) ?? job.payload.last }
      job.done_count += ids.length
      return ids.length === perStep
    })
  const modules = await step(modulesWithRecords)
  for (const module of modules.filter(isAboutPhones)) await rekeyModule(run, module)
  return text.duplicates.rekeyed(showCount(job.done_count))
}

/** From its first record on, also where the job goes on after a crash: it does no harm twice. */
async function rekeyModule({ step }: JobRun, module: Module) {
  for (let last: number | undefined = 0; last !== undefined; ) {
    const after: number = last
    last = await step((trx) => rekeyAfter(trx, module, after))
  }
}
