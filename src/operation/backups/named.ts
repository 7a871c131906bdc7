import type { FastifyInstance } from 'fastify'
import { notFound } from '../../kernel/web/refusal.ts'
import { listBackups, readName } from './place.ts'

export const path = '/maintenance/backups'

export type Named = { Params: { name: string } }

/** The backup of an address; anything that is no name of one, or is gone, answers 404. */
export async function namedBackup(app: FastifyInstance, name: string) {
  const backup = readName(name) && (await listBackups(app.config.dataDir)).find((one) => one.name === name)
  if (!backup) throw notFound()
  return backup
}
