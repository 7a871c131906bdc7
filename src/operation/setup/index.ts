import type { FastifyInstance } from 'fastify'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import { changeSettings } from '../../kernel/settings/settings.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { accountPlace } from '../../mail/accounts/account-page.ts'
import { text } from '../../texts/index.ts'
import { settingsKind } from '../settings-page/fields.ts'
import { settingsId } from '../settings-page/settings-record.ts'
import { companyStep } from './company.ts'
import { departmentStep } from './departments.ts'
import { peopleStep } from './people.ts'
import { roleStep } from './roles.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

const t = text.setup

/** The guide of a new installation 「系统设置向导」: each step can be skipped, left and come back to. */
export async function setupRoutes(app: FastifyInstance) {
  const config = { permission: 'settings.update' as const }

  app.get('/setup', { config }, async (request, reply) => {
    const view = await stepsFor(app.db, request)
    const isFinished = view.steps.every(({ isDone }) => isDone)
    const nextStep = view.steps.find(({ isDone }) => !isDone)
    return reply.page('operation/setup/index', { title: t.title, ...view, isFinished, nextStep })
  })

  app.post('/setup/closing', { config }, async (request, reply) => {
    await app.db.transaction(async (trx) => {
      await changeSettings(trx, { isSetupDue: false })
      const event = { ...eventOf(settingsKind, { id: settingsId }), action: 'update' }
      await recordEvent(trx, request.actor, { ...event, changes: [fact('setup', t.closedFact)] })
    })
    await request.flash(t.closed)
    return reply.redirect('/', 303)
  })

  companyStep(app)
  departmentStep(app)
  roleStep(app)
  peopleStep(app)
  accountPlace(app, {
    path: stepPath('mailbox'),
    backHref: '/setup',
    title: t.steps.mailbox,
    note: t.notes.mailbox,
    view: steps.mailbox.permission,
    change: steps.mailbox.permission,
    ownerOf: () => null,
    more: (request) => stepsFor(app.db, request, 'mailbox'),
  })

  app.get(stepPath('import'), { config: { permission: steps.import.permission } }, async (request, reply) => {
    const view = await stepsFor(app.db, request, 'import')
    const isDone = view.steps.find(({ isCurrent }) => isCurrent)?.isDone
    return reply.page('operation/setup/import', { title: t.steps.import, ...view, isDone })
  })
}
