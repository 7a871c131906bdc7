import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { findAccount, removeAccount } from './account.ts'
import { accountPlace, type Place } from './account-page.ts'

const t = text.mail.account

const company: Place = {
  path: '/settings/mail',
  backHref: '/settings',
  title: t.company,
  note: t.companyNote,
  view: 'settings.view',
  change: 'settings.update',
  ownerOf: () => null,
}
const own: Place = {
  path: '/profile/mail',
  backHref: '/profile',
  isRemovable: true,
  title: t.own,
  note: t.ownNote,
  view: 'mail.create',
  change: 'mail.create',
  ownerOf: (request) => request.viewer.id,
}

/** Through which servers mail goes: that of the company and one's own. */
export function accountRoutes(app: FastifyInstance) {
  accountPlace(app, company)
  accountPlace(app, own)

  app.post(`${own.path}/deletion`, { config: { permission: own.change } }, async (request, reply) => {
    const account = await findAccount(app.db, request.viewer.id)
    if (!account) throw new Refusal({ status: 409, message: t.nothingToTest })
    await app.db.transaction((trx) => removeAccount(trx, account, request.actor))
    await request.flash(t.removed)
    return reply.redirect(own.path, 303)
  })
}
