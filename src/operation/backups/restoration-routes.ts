import { existsSync } from 'node:fs'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { findJob } from '../../kernel/jobs/job.ts'
import { builtInModules } from '../../kernel/modules/catalogue.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { askOnce } from './asking.ts'
import { restoreBackup } from './exchange.ts'
import { pathOf, stagingKind } from './jobs.ts'
import { judgementView, judgeRestoration } from './judgement.ts'
import { databaseFile } from './making.ts'
import { type Named, namedBackup, path } from './named.ts'
import { type Origin, refuseForeign } from './seal.ts'
import type { Found } from './staging.ts'
import { openBackup } from './unpack.ts'

const t = text.backups
const restoring = { permission: 'backups.restore' } as const

/** Restores a backup: checked and prepared beside the present data first, exchanged when somebody has seen what it is. */
export function restorationRoutes(app: FastifyInstance) {
  preparation(app)
  exchange(app)
}

function preparation(app: FastifyInstance) {
  const address = `${path}/:name/restoration`
  app.get<Named>(address, { config: restoring }, async (request, reply) => {
    const { name, createdAt, way } = await namedBackup(app, request.params.name)
    const { origin, refusal } = await lookedAt(app, request, name)
    const said = [
      text.common.pair(t.columns.at, showInstant(createdAt)),
      text.common.pair(t.columns.way, t.ways[way]),
      ...(origin ? [text.common.pair(t.origin, t.origins[origin])] : []),
    ]
    return reply.page('operation/maintenance/preparation', {
      title: t.restore(name),
      facts: [...said, ...t.preparationSteps],
      refusal,
      action: `${path}/${name}/restoration`,
    })
  })
  app.post<Named & { Body: { without_key?: string } }>(address, { config: restoring }, async (request, reply) => {
    const { name } = await namedBackup(app, request.params.name)
    if (app.config.database.client !== 'mssql') databaseFile(app.config)
    refuseForeign(await originOfBackup(app, name), request)
    const payload = { name, without_key: request.body.without_key === 'true' }
    return reply.redirect(await askOnce(app, request, { kind: stagingKind, title: t.stagingJob(name), payload }), 303)
  })
}

/** Where a backup comes from, by its seal; a Refusal when it is forged or damaged. */
async function originOfBackup({ config }: FastifyInstance, name: string) {
  const { origin, close } = await openBackup(pathOf(config, name), config)
  close()
  return origin
}

/** The same for its page, which says why it cannot be restored. */
async function lookedAt(app: FastifyInstance, request: FastifyRequest, name: string) {
  let origin: Origin | undefined
  try {
    origin = await originOfBackup(app, name)
    refuseForeign(origin, request)
    return { origin, refusal: null }
  } catch (error) {
    if (error instanceof Refusal) return { origin, refusal: error.message }
    throw error
  }
}

type Prepared = { name: string; found: Found }

/** What a job prepared; gone when it was exchanged, or tidied away after a day. */
async function prepared(db: Knex, id: number): Promise<Prepared> {
  const job = await findJob(db, id)
  if (job?.kind !== stagingKind || !job.payload.found) throw notFound()
  const { name, found } = job.payload as Prepared
  if (!existsSync(found.database || found.folder)) throw new Refusal({ status: 409, message: t.stagedIsGone })
  return { name, found }
}

/** What is counted, then and now: what has a recycle bin, and some more. */
const shown = () => [
  ...builtInModules().flatMap(({ name, bin, label }) => (bin ? [{ table: name, label }] : [])),
  ...(['files', 'users', 'events'] as const).map((table) => ({ table, label: t.tables[table] })),
]

async function countsNow(db: Knex): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { table } of shown()) {
    const row = await db(table).count({ row_count: '*' }).first()
    counts[table] = Number(row?.row_count ?? 0)
  }
  return counts
}

function exchange(app: FastifyInstance) {
  const address = '/maintenance/restorations/:id'
  const options = { config: restoring, schema: { params: idParams } }
  app.get<IdParams>(address, options, async (request, reply) => {
    const { name, found } = await prepared(app.db, request.params.id)
    const now = await countsNow(app.db)
    const rows = shown().map(({ table, label }) => ({
      label,
      now: showCount(now[table] ?? 0),
      after: found.counts[table] === undefined ? '' : showCount(found.counts[table]),
    }))
    const facts = [
      text.common.pair(t.company, found.company),
      text.common.pair(t.columns.at, showInstant(found.createdAt)),
      text.common.pair(t.createdBy, found.createdBy),
      text.common.pair(t.program, found.program),
      text.common.pair(t.origin, t.origins[found.origin]),
      ...(found.migrated > 0 ? [t.migrated(found.migrated)] : []),
      ...(found.withoutKey ? [t.withoutKeyWarning] : []),
    ]
    const judgement = judgementView(await judgeRestoration(app.db, request, found), found.origin)
    const action = `/maintenance/restorations/${request.params.id}`
    const shownParts = { facts, rows, judgement, action, warning: t.warning }
    return reply.page('operation/maintenance/restoration', { title: t.restore(name), ...shownParts })
  })
  app.post<IdParams>(address, options, async (request, reply) => {
    const one = await prepared(app.db, request.params.id)
    const { refusal } = await judgeRestoration(app.db, request, one.found)
    if (refusal) throw refusal
    begin(app, request, one)
    return reply.redirect(path, 303)
  })
}

/** After the answer has gone out: whoever asked must be out of the door too. */
function begin(app: FastifyInstance, request: FastifyRequest, { name, found }: Prepared) {
  const { actor, sessionKey } = request
  setImmediate(async () => {
    try {
      await restoreBackup(app, { found, name, actor })
    } catch (error) {
      app.log.error({ err: error }, 'restoration')
      const said = error instanceof Refusal ? error.message : t.restorationFailed
      const flash = JSON.stringify([{ kind: 'warning', text: said }])
      await app.db('sessions').where({ token_hash: sessionKey }).update({ flash })
    }
  })
}
