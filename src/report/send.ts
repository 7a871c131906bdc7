import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { headOf } from './head.ts'
import type { Report } from './pdf.ts'

export type Content = Omit<Report, keyof Awaited<ReturnType<typeof headOf>>>

/** Answers with a report under our name, drawn where it keeps nobody waiting: shown in the browser, saved under its title. */
export async function sendPdf(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, content: Content) {
  const report = { ...(await headOf(app, request)), ...content }
  const pdf = await app.aside('pdf', report, () => !reply.raw.destroyed)
  return reply
    .type('application/pdf')
    .header(
      'content-disposition',
      `inline; filename="${plainName(request)}"; filename*=UTF-8''${encoded(content.title)}.pdf`,
    )
    .header('cache-control', 'no-store')
    .send(Buffer.from(pdf))
}

/** For programs that know no other than plain letters, the end of the address. */
const plainName = ({ url }: FastifyRequest) => /([\w-]+\.pdf)(\?|$)/.exec(url)?.[1] ?? 'report.pdf'

const encoded = (title: string) =>
  encodeURIComponent(title.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
