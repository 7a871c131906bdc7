import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { activeStates, askForJob } from '../jobs/job.ts'
import { accessTo } from '../web/access.ts'
import { type Exported, fileNameOf } from '../web/list-export.ts'
import type { RouteRight } from './rights.ts'

/** Where rows come from: a list and what it is asked for in its address, or what somebody selected in it. */
export type ExportSource = { path: string; query: string; selection?: number }
export type ExportPayload = ExportSource & { ending: string; permission: RouteRight; url: string; file_id?: number }

export const exportKind = 'export'

/** Has a long list written into a file. Who asks again while it is being written gets the same job. */
export function askForExport(
  db: Knex,
  request: FastifyRequest,
  exported: Exported,
  source: ExportSource,
): Promise<number> {
  const permission = accessTo(request) as RouteRight
  const payload: ExportPayload = { ...source, ending: exported.ending, permission, url: request.url }
  return db.transaction(async (trx) => {
    const active = await trx('jobs')
      .where({ kind: exportKind, user_id: request.actor.id })
      .whereIn('state', activeStates)
      .select('id', 'payload')
    const same = active.find((job) => (JSON.parse(job.payload) as ExportPayload).url === request.url)
    if (same) return same.id
    const title = text.madeFiles.job(fileNameOf(exported))
    return askForJob(trx, { kind: exportKind, title, payload, actor: request.actor })
  })
}
