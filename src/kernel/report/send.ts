import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { keepBytes, keepLater, madeFor } from '../made-files/keeping.ts'
import { datedName } from '../web/dated-name.ts'
import { headOf } from './head.ts'
import type { Report } from './pdf.ts'

export type Content = Omit<Report, keyof Awaited<ReturnType<typeof headOf>>>

/**
 * Answers with a report under our name, drawn where it keeps nobody waiting: shown in the browser, saved under its title.
 * What takes longer than people wait without a sign is fetched from a page that says how far it is.
 */
export async function sendPdf(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, content: Content) {
  const report = { ...(await headOf(app, request)), ...content }
  let isKept = false
  const drawing = app.aside('pdf', report, () => isKept || !reply.raw.destroyed)
  const name = datedName(content.title, 'pdf')
  const made = madeFor(request, name)
  const pdf = await soon(drawing, app.asidePatience)
  if (!pdf) {
    isKept = true
    return reply.redirect(`/tools/files/${await keepLater(app, made, drawing)}`, 303)
  }
  await keepBytes(app, made, pdf)
  return reply
    .type('application/pdf')
    .header('content-disposition', `inline; filename="${plainName(request)}"; filename*=UTF-8''${encoded(name)}`)
    .header('cache-control', 'no-store')
    .send(Buffer.from(pdf))
}

/** What comes within `ms`; undefined when it takes longer. */
const soon = <T>(work: Promise<T>, ms: number): Promise<T | undefined> =>
  Number.isFinite(ms) ? Promise.race([work, wait(ms, undefined, { ref: false })]) : work

/** For programs that know no other than plain letters, the end of the address. */
const plainName = ({ url }: FastifyRequest) => /([\w-]+\.pdf)(\?|$)/.exec(url)?.[1] ?? 'report.pdf'

const encoded = (name: string) =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
