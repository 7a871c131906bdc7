import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { recordEvent } from '../history/history.ts'
import type { Act } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import { sendPdf } from '../report/send.ts'
import type { Access } from '../web/access.ts'
import type { Field } from '../web/fields.ts'
import { showInstant } from '../web/formatting.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { eventOf } from '../web/record.ts'
import { belowSections, belowViews } from './below.ts'
import { cardHead } from './card.ts'
import { moduleNamed, wordsOf } from './catalogue.ts'
import { recordHistory } from './history.ts'
import { lineSection, lineTable, namedLines } from './line-views.ts'
import { linkParts } from './link-columns.ts'
import { type Module, nameOf, type Owner, ownerColumn, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { readRecord } from './reading.ts'
import { kindOf } from './records.ts'

/** The card of a record with its history, and the same on paper. */
export function cardRoutes(app: FastifyInstance, { path: place, of, right }: Mount) {
  const schema = { params: idParams }
  const [view, print, unmask] = [right('view') as Access, right('print'), right('unmask')]

  async function read(request: FastifyRequest<IdParams>, act: Act) {
    const module = of(request)
    return { module, ...(await readRecord(app, request, module, act)) }
  }

  app.get<IdParams>(`${place}/:id`, { config: { permission: view }, schema }, async (request, reply) => {
    const { module, stored, viewer, ...shown } = await read(request, 'view')
    const { record, reference } = shown
    const { title, card } = await cardHead(app.db, request, module, { stored, viewer, tab: 'basic' })
    const basic = [...(await aboveItem(app, module, record)), ...itemsOf(module, shown)]
    const usual = { ...card, groups: [{ title: wordsOf(module).basic, items: basic }] }
    return reply.page('shared/card', {
      title,
      card: (await module.card?.(usual, { request, record, reference })) ?? usual,
      below: [
        ...(await namedLines(app.db, viewer, module, stored)).map((lines) => lineTable(lines, reference)),
        ...(await belowViews(app.db, request, module, stored, reference)),
      ],
      history: await recordHistory(app.db, module, viewer, stored.id),
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
        { title: words.basic, pairs: [...(await aboveItem(app, module, stored)), ...itemsOf(module, shown)] },
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
      return reply.redirect(`${module.path}/${record.id}`, 303)
    })
}

/** What the record hangs on, with the way there. */
async function aboveItem({ db }: FastifyInstance, { owner }: Module, record: Stored) {
  const above = owner !== 'nobody' && 'module' in owner ? moduleNamed(owner.module) : undefined
  if (!above) return []
  const id = record[ownerColumn(owner as Owner)] as number
  const row = await db(above.name).where({ id }).first()
  return [{ label: above.label, text: nameOf(above, row), href: `${above.path}/${id}`, isWide: false }]
}

type Shown = { fields: Field[]; record: Stored; reference: Reference }

/** What is filled in, and when it was written. */
function itemsOf(module: Module, { fields, record, reference }: Shown) {
  const { createdAt, updatedAt } = wordsOf(module)
  return [
    ...fields
      .map((field) => ({
        ...linkParts(field.named?.get(Number(record[field.name]))),
        label: field.label,
        text: field.kind.show(record[field.name], field, reference),
        isWide: field.isWide,
      }))
      .filter((item) => item.text),
    { label: createdAt, text: showInstant(record.created_at as string) },
    { label: updatedAt, text: showInstant(record.updated_at as string) },
  ]
}
