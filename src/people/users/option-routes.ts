import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { type Body, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { text } from '../../texts/index.ts'
import { findOptions, optionFields, optionKind, saveOptions } from './options.ts'
import { pagesOf } from './start-page.ts'

const t = text.options
const path = '/profile/options'
const userOf = (request: FastifyRequest) => request.user as NonNullable<FastifyRequest['user']>

/** 「个人选项」 [S12]: signature, rows a page, first page, density. */
export function optionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'signed-in' } } as const
  const view = { id: 'options', action: path, cancelHref: '/profile' }

  app.get(path, options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const fields = optionFields(pagesOf(request))
    const present = await findOptions(app.db, userOf(request))
    const typed = written(fields, present)
    const form = formView({ ...view, groups: [{ title: '', fields }], typed, version: present.version, reference })
    return reply.page('shared/form', { title: t.title, ...form })
  })

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const kind = optionKind(pagesOf(request))
    const user = userOf(request)
    const groups = [{ title: '', fields: kind.fields }]
    const taken = await takeEdit(app, request, reply, {
      kind,
      before: await findOptions(app.db, user),
      find: () => findOptions(app.db, user),
      path,
      save: (trx, saving) => saveOptions(trx, user, { kind, ...saving }),
      again: async (reply, sent) =>
        reply.page('shared/form', { title: t.title, ...formView({ ...view, groups, ...sent }) }),
    })
    if (!taken) return reply
    await request.flash(t.saved)
    return reply.redirect('/profile', 303)
  })
}
