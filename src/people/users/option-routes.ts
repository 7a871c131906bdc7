import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pinnedReports } from '../../analysis/saved-reports/report.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { type Body, formView, readForm, written } from '../../kernel/web/form.ts'
import { optionsAt } from '../../kernel/web/person-options.ts'
import { Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { deskPath, menuOf } from '../../program/menu.ts'
import { findOptions, optionFields, optionKind, saveOptions } from './options.ts'

const t = text.options
const path = '/profile/options'
const usualStart = '/customers'
const ownPage = '/profile'
const userOf = (request: FastifyRequest) => request.user as NonNullable<FastifyRequest['user']>

/** The pages a person may begin with: all of the side bar. */
const pagesOf = (request: FastifyRequest) =>
  menuOf(request).flatMap(({ entries }) => entries.map(({ href, label }) => ({ value: href, label })))

/**
 * Where a person begins: the page chosen, as long as it may be opened; else the own reports where there are some, the
 * usual one, or the first there is.
 */
export async function startPageOf(app: FastifyInstance, request: FastifyRequest): Promise<string> {
  const chosen = (await optionsAt(app.db, request.revision)).get(userOf(request).id)?.start_page
  const pages = pagesOf(request).map(({ value }) => value)
  const own = (await pinnedReports(app.db, request)).length > 0 ? deskPath : null
  return [chosen, own, usualStart].find((page) => page && pages.includes(page)) ?? pages[0] ?? ownPage
}

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
