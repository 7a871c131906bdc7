import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { filesOf, type StoredFile } from '../../kernel/files/file.ts'
import { showSize } from '../../kernel/files/size.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { fileRightsOn } from '../../kernel/modules/file-rights.ts'
import { findRecord, kindOf } from '../../kernel/modules/records.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { forbidden } from '../../kernel/web/refusal.ts'
import type { Mailing } from '../mailings/mailing.ts'

const megabyte = 1024 * 1024
/** As mail it grows by a third; most servers take 30 MB. */
export const mostMegabytes = 20
export const mostBytes = mostMegabytes * megabyte

/** The kind of files that go with a message. */
export const kind = 'file' as const

/** The files of the record it is written at that may go with a message. Throws where that is out of reach. */
export async function filesOfRecord(
  db: Knex,
  { viewer }: FastifyRequest,
  { record_type, record_id }: Mailing,
): Promise<StoredFile[]> {
  const module = moduleNamed(record_type ?? '')
  if (!module || record_id === null || !viewer.can('files.view')) return []
  const record = await findRecord(db, module, viewer, record_id)
  const may = await fileRightsOn(db, module, viewer, record)
  if (!may('files.view')) throw forbidden()
  return (await filesOf(db, eventOf(kindOf(module), record))).filter((file) => file.kind === kind)
}

/** Attachments as a list of links. */
export const attachmentLinks = (files: StoredFile[], path: string) =>
  files.map(({ id, name, size_bytes }) => ({ href: `${path}/attachments/${id}`, name, size: showSize(size_bytes) }))
