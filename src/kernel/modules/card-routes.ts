import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { noteOpened } from '../desk/recent.ts'
import { recordEvent } from '../history/history.ts'
import type { Act } from '../permissions.ts'
import { sendPdf } from '../report/send.ts'
import type { Access } from '../web/access.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { eventOf } from '../web/record.ts'
import { belowSections, belowViews } from './below.ts'
import { cardHead } from './card.ts'
import { cardFacts } from './card-facts.ts'
import { groupSections } from './card-items.ts'
import { wordsOf } from './catalogue.ts'
import { lineSection, lineTable, namedLines } from './line-views.ts'
import { nameOf } from './module.ts'
import { editingOf } from './module-facts.ts'
import type { Mount } from './mount.ts'
import { readRecord } from './reading.ts'
import { addressOf } from './record-address.ts'
import { kindOf } from './records.ts'
import { timelineOf } from './timeline.ts'

/** The card of a record with its history, and the same on paper. */
export function cardRoutes(app: FastifyInstance, { records: place, of, right }: Mount) {
  const schema = { params: idParams }
  const [view, print, unmask] = [right('view') as Access, right('print'), right('unmask')]

  async function read(request: FastifyRequest<IdParams>, act: Act) {
    const module = of(request)
    return { module, ...(await readRecord(app, request, module, act)) }
  }

  app.get<IdParams>(`${place}/:id`, { config: { permission: view }, schema }, async (request, reply) => {
    const { module, stored, viewer, ...shown } = await read(request, 'view')
    const { record, reference } = shown
    await noteOpened(app.db, request.viewer.id, { module: module.name, id: stored.id })
    const { title, card } = await cardHead(app.db, request, module, { stored, viewer, tab: 'basic' })
    const canEdit = card.actions.some(({ href }) => href === `${addressOf(module, stored)}/edit`)
    const editHref = canEdit ? editingOf(module, viewer, stored) : undefined
    const usual = { ...card, ...cardFacts(module, { ...shown, ...(editHref && { editHref }) }) }
    usual.facts.unshift(...card.facts)
    const lines = await namedLines(app.db, viewer, module, stored)
    const { below, hanging } = await belowViews(app.db, request, module, stored, reference)
    const of = { module, stored, viewer, hanging, path: addressOf(module, stored) }
    return reply.page('shared/card', {
      title,
      card: (await module.card?.(usual, { request, record, reference })) ?? usual,
      below: [...lines.map((one) => lineTable(one, reference)), ...below],
      timeline: await timelineOf(app.db, request, of),
    })
  })

  if (print) {
    const printing = { config: { permission: print }, schema, compress: false as const }
    app.get<IdParams>(`${place}/:id/print.pdf`, printing, async (request, reply) => {
      const { module, stored, viewer, ...shown } = await read(request, 'print')
      const words = wordsOf(module)
      await recordEvent(app.db, request.actor, { ...eventOf(kindOf(module), stored), action: 'print' })
      const lines = await namedLines(app.db, viewer, module, stored)
      const sections = [
        ...(await groupSections(app.db, module, stored, { ...shown, viewer })),
        ...lines.map((one) => lineSection(one, shown.reference)),
        ...(await belowSections(app.db, request, module, stored, shown.reference)),
      ]
      return sendPdf(app, request, reply, {
        title: words.titleOf(nameOf(module, shown.record)),
        conditions: [],
        sections,
      })
    })
  }

  if (unmask)
    app.post<IdParams>(`${place}/:id/unmasking`, { config: { permission: unmask }, schema }, async (request, reply) => {
      const { module, stored: record } = await read(request, 'unmask')
      await recordEvent(app.db, request.actor, { ...eventOf(kindOf(module), record), action: 'unmask' })
      await request.flash(text.record.unmasked)
      return reply.redirect(addressOf(module, record), 303)
    })
}
