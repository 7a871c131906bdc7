import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { type Body, formView, readForm, written } from '../../kernel/web/form.ts'
import { Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
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
    const reference = await referenceAt(app.db, request.revision)
    const kind = optionKind(pagesOf(request))
    const user = userOf(request)
    const typed = takeChoices(kind, request.body, await findOptions(app.db, user))
    const version = versionIn(typed)
    const { values, errors } = readForm(kind.fields, typed, reference)
    if (errors.length > 0) {
      const groups = [{ title: '', fields: kind.fields }]
      const form = formView({ ...view, groups, typed, errors, version, reference })
      return reply.code(422).page('shared/form', { title: t.title, ...form })
    }
    try {
      await app.db.transaction((trx) =>
        saveOptions(trx, user, { kind, version, values, actor: request.actor, reference }),
      )
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const theirs = await findOptions(app.db, user)
      return sendConflict(app.db, reply, kind, { theirs, yours: values, version, reference, path })
    }
    await request.flash(t.saved)
    return reply.redirect('/profile', 303)
  })
}
