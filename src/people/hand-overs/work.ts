import type { Knex } from 'knex'
import { changeCustomers, moveBinnedCustomers } from '../../customers/customers/bulk.ts'
import type { Customer } from '../../customers/customers/customer.ts'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { transferSaid } from '../../kernel/web/bulk.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { everybody } from '../../kernel/web/viewer.ts'
import { findHandover, type Handover } from './handover.ts'
import { receiverOf } from './shares.ts'

const perStep = 250

/** Moves the customers of one who hands over. What has moved is no longer his, so that it goes on where it was. */
export const handoverJob: JobKind = {
  kind: 'handover',
  run: runHandover,
  href: ({ payload }) => `/users/${payload.userId}/handovers/${payload.handover}`,
}

async function runHandover({ db, job, actor, step }: JobRun): Promise<string> {
  const { handover: id, userId } = job.payload as { handover: number; userId: number }
  let isMore = true
  while (isMore) {
    const reference = await referenceAt(db, await currentRevision(db))
    isMore = await step(async (trx) => {
      const handover = await findHandover(trx, userId, id)
      const moved = await moveSome(trx, handover, { actor, reference })
      job.done_count = handover.moved_count + moved
      const end = moved < perStep ? { finished_at: new Date().toISOString() } : {}
      await trx('handovers')
        .where({ id })
        .update({ moved_count: job.done_count, ...end })
      return moved === perStep
    })
  }
  return text.handovers.outcome(showCount(job.done_count))
}

/** The next customers, each with its history, tally and search in one transaction; what somebody else changed meanwhile stays changed. */
async function moveSome(trx: Knex, handover: Handover, { actor, reference }: { actor: Actor; reference: Reference }) {
  const customers: Customer[] = await trx('customers')
    .where({ owner_id: handover.user_id })
    .orderBy(['deleted_at', 'registered_on'])
    .limit(perStep)
    .forUpdate()
    .select('id', 'version', 'code', 'name', 'owner_id', 'level_id', 'region_id', 'deleted_at')
  const receivers = new Map(
    customers.map((customer, at) => [customer, receiverOf(handover.shares, customer, handover.moved_count + at)]),
  )
  const by = { actor, viewer: everybody, reference, said: transferSaid('customers.transfer', handover.reason) }
  for (const [receiver, some] of Map.groupBy(customers, (customer) => receivers.get(customer) as number)) {
    const { living = [], binned = [] } = Object.groupBy(some, ({ deleted_at }) => (deleted_at ? 'binned' : 'living'))
    await changeCustomers(trx, living, { column: 'owner_id', value: receiver }, by)
    await moveBinnedCustomers(trx, binned, receiver, by)
  }
  const rows = customers.map((customer) => ({
    handover_id: handover.id,
    customer_id: customer.id,
    code: customer.code,
    name: customer.name,
    receiver_id: receivers.get(customer),
    is_binned: customer.deleted_at !== null,
  }))
  await insertAll(trx, 'handover_rows', rows)
  return customers.length
}
