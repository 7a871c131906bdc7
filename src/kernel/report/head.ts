import type { FastifyInstance, FastifyRequest } from 'fastify'
import { logoBytes } from '../../office/company/pictures.ts'
import { settingsAt } from '../settings/settings.ts'

/** Who we are, who made it and when: what stands on every report. */
export async function headOf(app: FastifyInstance, request: FastifyRequest) {
  const { companyName } = await settingsAt(app.db, request.revision)
  const logo = await logoBytes(app.db, request.revision, app.config.dataDir)
  return { company: companyName, logo, madeBy: request.actor.name, madeAt: new Date().toISOString() }
}
