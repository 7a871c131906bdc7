import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { cleanName } from '../../kernel/files/name.ts'
import { showSize } from '../../kernel/files/size.ts'
import { fileFolder, incomingPath } from '../../kernel/files/storage.ts'
import { type Change, eventsBy, fact, recordEvent } from '../../kernel/history/history.ts'
import type { FieldError } from '../../kernel/web/form.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { type Taken, takeFile } from '../../kernel/web/upload.ts'
import { text } from '../../texts/index.ts'
import { program } from '../backups/program.ts'
import { type Release, readRelease } from './release-file.ts'
import { compareVersions } from './release-version.ts'

const t = text.system.update
export const updatePath = '/system/update'
const options = { config: { permission: 'system.update' } } as const
const checked = { record_type: 'updates', action: 'check-update' }
const mostBytes = 200 * 1024 ** 2
const said = { none: text.files.none, tooLarge: t.tooLarge, interrupted: text.files.interrupted }

/** Looks at a package of a newer program that somebody brings [S3]; what it says is kept in the operation log. */
export function updateRoutes(app: FastifyInstance) {
  const folder = fileFolder(app.config.dataDir)

  app.get(updatePath, options, (_request, reply) => page(app, reply))

  app.post(updatePath, options, async (request, reply) => {
    const typed = { digest: '' }
    try {
      await check(request, typed)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      const label = error.field === 'digest' ? t.digest : t.file
      const errors = [{ field: error.field, label, message: error.message }]
      return page(app, reply.code(422), { errors, ...typed })
    }
    return reply.redirect(updatePath, 303)
  })

  /** The file is gone again whatever comes of it. */
  async function check(request: FastifyRequest, kept: { digest: string }) {
    const taken = await takeFile(request, { place: () => incomingPath(folder), mostBytes, said })
    try {
      kept.digest = String(taken.field('digest') ?? '')
      const digest = digestIn(kept.digest)
      if (digest && digest !== taken.sha256) throw new Refusal({ message: t.otherDigest, field: 'digest' })
      const release = await readRelease(taken.path)
      const changes = await factsOf(app.db, taken, { release, isCompared: digest !== '' })
      await recordEvent(app.db, request.actor, { ...checked, record_name: release.version, changes })
    } finally {
      await rm(taken.path, { force: true })
    }
  }
}

/** As people copy it: with blanks, in capitals, with the name of the file behind. */
function digestIn(typed: string): string {
  const digest = typed
    .trim()
    .toLowerCase()
    .replace(/^sha-?256[:\s]*/, '')
    .split(/\s+\*?\S*\.\w+$/)[0] as string
  const bare = digest.replace(/\s/g, '')
  if (bare && !/^[0-9a-f]{64}$/.test(bare)) throw new Refusal({ message: t.wrongDigest, field: 'digest' })
  return bare
}

type Checked = { release: Release; isCompared: boolean }

async function factsOf(db: Knex, { filename, sha256 }: Taken, { release, isCompared }: Checked): Promise<Change[]> {
  const { version, missing, fileCount, bytes, migrations } = release
  const done = new Set<string>(await db('knex_migrations').pluck('name'))
  const news = migrations.filter((one) => !done.has(one)).length
  return [
    fact('file', cleanName(filename)),
    fact('release', version),
    fact('present', program),
    fact('newer', conclusionOf(version)),
    fact('intact', missing.length > 0 ? t.incomplete(missing) : t.intact),
    fact('digest', sha256),
    fact('compared', isCompared ? t.compared : t.notCompared),
    fact('file_count', fileCount, t.files(showCount(fileCount), showSize(bytes))),
    fact('migrations', news, t.migrations(news)),
  ]
}

function conclusionOf(version: string): string {
  const order = compareVersions(version, program)
  if (order === 0) return t.same
  return order > 0 ? t.newer(version) : t.older
}

type Typed = { errors: FieldError[]; digest: string }

async function page({ db }: FastifyInstance, reply: FastifyReply, typed: Typed = { errors: [], digest: '' }) {
  const [last] = await eventsBy(db, checked, 1)
  return reply.page('operation/system/update', {
    title: t.title,
    present: program,
    steps: t.stepTexts,
    ...typed,
    last: last && {
      at: showInstant(last.occurred_at),
      by: last.user_name ?? '',
      facts: last.changes.map(({ field, afterText }) => ({
        label: t.facts[field as keyof typeof t.facts],
        text: afterText,
      })),
    },
  })
}
