import type { FastifyInstance, FastifyRequest } from 'fastify'
import { activeStates, askForJob } from '../../kernel/jobs/job.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { showCount, showInstant, showSecond } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { cleanupKind, cutOff, findRemovable, type Removable } from './cleanup.ts'
import { retentionDays } from './retention.ts'

const texts = text.auditLog.cleanup
const path = '/audit-log/cleanup'
const patience = 800

const detailsOf = ({ count, from, to, isRest }: Removable) =>
  isRest ? texts.restDetails(showCount(count)) : texts.details(showCount(count), showSecond(from), showSecond(to))

/** Removes what is older than the retention, after a page that says what. */
export function cleanupRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'audit_log.cleanup' as const } }
  const asked = async (request: FastifyRequest) => {
    const days = retentionDays(await settingsAt(app.db, request.revision))
    return { days, removable: await findRemovable(app.db, app.config, days) }
  }

  app.get(path, options, async (request, reply) => {
    const { days, removable } = await asked(request)
    const sentence = texts.text(days, showInstant(cutOff(days)).slice(0, 10))
    if (!removable) {
      const items = [{ label: texts.retention, text: `${sentence}${texts.nothing}`, isWide: true }]
      const card = { title: texts.title, back: '/audit-log', groups: [{ title: texts.title, items }] }
      return reply.page('shared/card', { title: texts.title, card })
    }
    const confirm = {
      title: texts.title,
      text: sentence,
      details: detailsOf(removable),
      action: path,
      submitLabel: texts.submit,
      isDanger: true,
      cancelHref: '/audit-log',
    }
    return reply.page('shared/confirm', { title: texts.title, confirm })
  })

  app.post(path, options, async (request, reply) => {
    const { removable } = await asked(request)
    if (!removable) {
      await request.flash(texts.nothing, 'warning')
      return reply.redirect(path, 303)
    }
    const { actor } = request
    const job = await app.db.transaction(async (trx) => {
      const active = await trx('jobs').where({ kind: cleanupKind }).whereIn('state', activeStates).first('id')
      if (active) return active.id as number
      return askForJob(trx, { kind: cleanupKind, title: texts.job, payload: {}, total: removable.count, actor })
    })
    await app.jobSoon(job, patience)
    await request.flash(texts.asked)
    return reply.redirect(`/jobs/${job}`, 303)
  })
}
