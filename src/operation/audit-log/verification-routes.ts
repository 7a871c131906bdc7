import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { recordEvent, type StoredEvent } from '../../kernel/history/history.ts'
import { activeStates, askForJob } from '../../kernel/jobs/job.ts'
import { changeViews } from '../../kernel/web/changes.ts'
import { showCount, showSecond } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { logKind } from './beginning.ts'
import { findChain } from './chain.ts'
import type { Fault } from './check.ts'
import { fieldLabels } from './kinds.ts'
import { lastVerification, verificationKind } from './verification.ts'

const texts = text.auditLog.verification
const path = '/audit-log/verification'
/** Long enough that some ten thousand entries are checked when the page comes. */
const patience = 800

/** The check of the chain: its page, its start, and its report on paper. */
export function verificationRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'audit_log.verify' as const } }

  app.get(path, options, async (request, reply) =>
    reply.page('operation/audit-log/verification', await view(app.db, request)),
  )

  app.post(path, options, async (request, reply) => {
    const { actor } = request
    const job = await app.db.transaction(
      async (trx) =>
        (await activeJob(trx)) ?? askForJob(trx, { kind: verificationKind, title: texts.job, payload: {}, actor }),
    )
    await app.jobSoon(job, patience)
    return reply.redirect(path, 303)
  })

  app.get(`${path}/print`, options, async (request, reply) => {
    const last = await lastVerification(app.db)
    if (!last) return reply.redirect(path, 303)
    await recordEvent(app.db, request.actor, { action: 'print', record_type: logKind, record_name: texts.statement })
    return reply.page('operation/audit-log/report', {
      title: texts.statement,
      backHref: path,
      report: reportView(last),
    })
  })
}

const activeJob = async (db: Knex): Promise<number | undefined> =>
  (await db('jobs').where({ kind: verificationKind }).whereIn('state', activeStates).first('id'))?.id

async function view(db: Knex, request: FastifyRequest) {
  const { sequence, sealed_at, settled_id } = await findChain(db)
  const unsealed = await db('events').where('id', '>', settled_id).count({ row_count: '*' }).first()
  const last = await lastVerification(db)
  const job = await activeJob(db)
  return {
    title: texts.title,
    sealed: sequence > 0 ? texts.sealedLine(showCount(sequence), showSecond(sealed_at)) : texts.nothingSealed,
    unsealed: showCount(Number(unsealed?.row_count ?? 0)),
    report: last ? reportView(last) : null,
    jobHref: job ? `/jobs/${job}` : null,
    mayOpen: request.can('audit_log.view'),
  }
}

/** A result as views/operation/audit-log/_result.eta wants it. */
function reportView({ occurred_at, user_name, changes }: StoredEvent) {
  const said = (field: string) => changes.find((change) => change.field === field)?.after
  const fault = said('first_fault') as Fault | undefined
  const count = Number(said('fault_count') ?? 0)
  const facts = changes.filter(({ field }) => field !== 'first_fault' && field !== 'fault_count')
  return {
    at: showSecond(occurred_at),
    by: user_name ?? '',
    isGood: count === 0,
    result: count === 0 ? texts.passed : texts.failed(showCount(count)),
    fault: changes.find(({ field }) => field === 'first_fault')?.afterText ?? '',
    faultHref: fault?.event_id && fault.kind !== 'missing' ? `/audit-log/${fault.event_id}` : null,
    facts: changeViews(logKind, fieldLabels(logKind), facts),
  }
}
