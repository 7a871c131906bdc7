import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fact, recordEvent } from '../history/history.ts'
import { formatColumn } from '../report/figures.ts'
import type { ReportTable } from '../report/pdf-columns.ts'
import type { Section } from '../report/pdf-section.ts'
import { type Content, sendPdf } from '../report/send.ts'
import type { Access } from '../web/access.ts'
import { showInstant } from '../web/formatting.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { eventOf } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import { wordsOf } from './catalogue.ts'
import { lineSection, namedLines } from './line-views.ts'
import { nameOf } from './module.ts'
import type { Mount } from './mount.ts'
import { readRecord } from './reading.ts'
import { placeOf } from './record-address.ts'
import { kindOf } from './records.ts'

type PaperParams = { Params: { id: number; paper: string } }

/** The papers of a record, each as a page to print and as a PDF. */
export function paperRoutes(app: FastifyInstance, { records: place, of, right }: Mount) {
  const permission = right('print') as Access
  const schema = {
    params: {
      ...idParams,
      properties: { ...idParams.properties, paper: { type: 'string', maxLength: 40 } },
    },
  }
  const path = `${place}/:id/papers/:paper`

  app.get<PaperParams>(path, { config: { permission }, schema }, async (request, reply) => {
    const { content, back } = await paperOf(request)
    return reply.page('shared/paper', {
      title: content.title,
      sections: (content.sections ?? []).map(sectionView),
      signatures: content.signatures,
      madeAt: showInstant(new Date()),
      pdfHref: `${request.url.split('?')[0]}.pdf`,
      backHref: back,
    })
  })

  app.get<PaperParams>(`${path}.pdf`, { config: { permission }, schema, compress: false }, async (request, reply) =>
    sendPdf(app, request, reply, (await paperOf(request)).content),
  )

  /** A paper as this person may read it; noted down as printed. */
  async function paperOf(request: FastifyRequest<PaperParams>): Promise<{ content: Content; back: string }> {
    const module = of(request)
    const paper = module.papers?.find(({ name }) => name === request.params.paper)
    if (!paper) throw notFound()
    const { stored, ...read } = await readRecord(app, request as FastifyRequest<IdParams>, module, 'print')
    const lines = await namedLines(app.db, read.viewer, module, stored)
    const made = { db: app.db, ...read, lines: lines.map((one) => lineSection(one, read.reference)) }
    const sections = await paper.sections(made)
    const changes = [fact('paper', paper.name, paper.label)]
    await recordEvent(app.db, request.actor, { ...eventOf(kindOf(module), stored), action: 'print', changes })
    return {
      content: {
        title: wordsOf(module).paperOf(paper.label, nameOf(module, read.record)),
        conditions: [],
        sections,
        ...(paper.signatures && { signatures: paper.signatures(made) }),
      },
      back: placeOf(module, stored),
    }
  }
}

/** A part as views/shared/paper.eta wants it; numbers look as they do in the PDF. */
const sectionView = ({ title, pairs = [], table }: Section) => ({ title, pairs, table: table && tableView(table) })

function tableView({ columns, rows, total }: ReportTable) {
  const all = total ? [...rows, total] : rows
  const texts = columns.map(({ kind, places }, at) =>
    formatColumn(
      kind,
      all.map((row) => row[at]),
      places,
    ),
  )
  const lines = all.map((_, row) =>
    texts.map((column, at) => ({ text: column[row], isEnd: columns[at]?.kind !== 'text' })),
  )
  return {
    columns: columns.map(({ label, kind }) => ({ label, isEnd: kind !== 'text' })),
    rows: total ? lines.slice(0, -1) : lines,
    total: total ? lines.at(-1) : null,
  }
}
