import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { settingsAt } from '../settings/settings.ts'

/** Our sign on pages and on paper; null where there is none. */
export type Logo = {
  address(db: Knex, revision: number): Promise<string | null>
  bytes(db: Knex, revision: number, dataDir: string): Promise<Buffer | null>
}

declare module 'fastify' {
  interface FastifyInstance {
    logo: Logo
  }
}

/** Who we are, who made it and when: what stands on every report. */
export async function headOf(app: FastifyInstance, request: FastifyRequest) {
  const { companyName } = await settingsAt(app.db, request.revision)
  const logo = await app.logo.bytes(app.db, request.revision, app.config.dataDir)
  return { company: companyName, logo, madeBy: request.actor.name, madeAt: new Date().toISOString() }
}
