import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { customerKind, findCustomer } from '../../customers/customers/customer.ts'
import { filesOf, type StoredFile } from '../../kernel/files/file.ts'
import { showSize } from '../../kernel/files/size.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Mailing } from '../mailings/mailing.ts'

const megabyte = 1024 * 1024
/** As mail it grows by a third; most servers take 30 MB. */
export const mostMegabytes = 20
export const mostBytes = mostMegabytes * megabyte

/** The kind of files that go with a message. */
export const kind = 'file' as const

/** The files of the customer that may go with a message. */
export async function customerFiles(
  db: Knex,
  { viewer }: FastifyRequest,
  { customer_id }: Mailing,
): Promise<StoredFile[]> {
  if (customer_id === null || !viewer.can('files.view')) return []
  const customer = await findCustomer(db, viewer, customer_id, 'files.view')
  return (await filesOf(db, eventOf(customerKind, customer))).filter((file) => file.kind === kind)
}

/** Attachments as a list of links. */
export const attachmentLinks = (files: StoredFile[], path: string) =>
  files.map(({ id, name, size_bytes }) => ({ href: `${path}/attachments/${id}`, name, size: showSize(size_bytes) }))
