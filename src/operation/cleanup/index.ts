import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { startOfDay, today } from '../../kernel/china/clock.ts'
import { parseDay } from '../../kernel/china/day.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { askOnce } from '../backups/asking.ts'
import { presentBackup } from '../backups/present.ts'
import { cleanups } from './kinds.ts'
import { chosen, cleanupKind } from './work.ts'

const t = text.cleanup
const path = '/maintenance/cleanup'
const usualDays = 365

type Body = { day?: string; kinds?: string | string[] }
type Problem = { field: string; label: string; message: string }

/** Cleaning up by kind and date 「清理」: how much there is first, then all that was chosen at once. */
export async function cleanupPageRoutes(app: FastifyInstance) {
  app.get<{ Querystring: Body }>(path, { config: { permission: 'cleanup.view' } }, (request, reply) =>
    page(app, request, reply, request.query),
  )

  app.post<{ Body: Body }>(path, { config: { permission: 'cleanup.cleanup' } }, async (request, reply) => {
    const { body } = request
    const codes = [body.kinds ?? []].flat()
    const errors = await problemsOf(app, body, codes)
    if (errors.length > 0) return page(app, request, reply.code(422), body, errors)
    const day = parseDay(String(body.day)) as string
    const payload = { codes: chosen(codes).map(({ code }) => code), before: startOfDay(day), day }
    return reply.redirect(await askOnce(app, request, { kind: cleanupKind, title: t.job(day), payload }), 303)
  })
}

async function problemsOf({ db, config }: FastifyInstance, { day = '' }: Body, codes: string[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const parsed = parseDay(day)
  if (!parsed || parsed > today()) problems.push({ field: 'day', label: t.day, message: t.wrongDay })
  if (chosen(codes).length === 0) problems.push({ field: 'kinds', label: t.what, message: t.nothingChosen })
  if (!(await presentBackup(db, config))) problems.push({ field: 'kinds', label: t.backup, message: t.noBackup })
  return problems
}

async function page(
  { db, config }: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  { day = startOfDay(today(), -usualDays).slice(0, 10), kinds }: Body,
  errors: Problem[] = [],
) {
  const parsed = parseDay(day)
  const wanted = new Set([kinds ?? []].flat())
  const rows = []
  for (const { code, label, note, count } of cleanups()) {
    const found = parsed ? await count(db, startOfDay(parsed), config) : 0
    rows.push({
      code,
      label,
      note,
      count: showCount(found),
      isChosen: wanted.has(code),
      isEmpty: found === 0,
    })
  }
  return reply.page('operation/maintenance/cleanup', {
    title: t.title,
    intro: t.intro,
    formId: newFormId(),
    day,
    rows,
    errors,
    backup: await presentBackup(db, config),
    mayCleanUp: request.can('cleanup.cleanup'),
  })
}
