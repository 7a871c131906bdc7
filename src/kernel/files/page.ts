import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../reference.ts'
import { isOnCard } from '../web/on-card.ts'
import { filesOf } from './file.ts'
import type { HeldRecord, RecordsWithFiles } from './holder.ts'
import { filesView, type Refused } from './tab.ts'

/** The tab of a record's files: the view and its data, with what was wrong with an upload. */
export async function filesPage(
  app: FastifyInstance,
  request: FastifyRequest,
  records: RecordsWithFiles,
  record: HeldRecord,
  refused?: Refused,
): Promise<[view: string, data: Record<string, unknown>]> {
  const shown = {
    records,
    record,
    may: await records.rightsOn(app.db, request.viewer, record),
    files: await filesOf(app.db, records.eventOf(record)),
    reference: await referenceAt(app.db, request.revision),
    refused,
    cardHref: isOnCard(request.query) ? `${records.path}/${record.id}` : undefined,
  }
  return ['kernel/files/index', { ...(await records.page(app, request, record)), ...filesView(shown) }]
}
