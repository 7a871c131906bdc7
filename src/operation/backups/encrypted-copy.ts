import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import type { Permission } from '../../kernel/permissions.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { chosenPassphrase, encryptedEnding, encryptedFile } from './passphrase.ts'

const t = text.backups.passphrase

type Named = { Params: { name: string } }
type Body = { passphrase?: unknown; again?: unknown }

type Copies = {
  /** The page the files are listed on; each has its copy below. */
  address: string
  permission: Permission
  recordType: string
  find(name: string): Promise<{ name: string; path: string }>
}

const typed = (value: unknown) => (typeof value === 'string' ? value : '')

/**
 * A copy to take elsewhere, that opens with a passphrase only. It is the answer to its form: the passphrase stands in no
 * address and is kept nowhere.
 */
export function encryptedCopies(app: FastifyInstance, { address, permission, recordType, find }: Copies) {
  const page = (name: string, problem?: Refusal) => ({
    title: t.title(name),
    action: `${address}/${name}/encrypted-copy`,
    backHref: address,
    intro: t.intro,
    errors: problem ? [{ field: problem.field, label: labelOf(problem), message: problem.message }] : [],
  })

  app.get<Named>(`${address}/:name/encrypted-copy`, { config: { permission } }, async (request, reply) => {
    const { name } = await find(request.params.name)
    return reply.page('operation/maintenance/encrypted-copy', page(name))
  })

  app.post<Named & { Body: Body }>(
    `${address}/:name/encrypted-copy`,
    { config: { permission }, compress: false },
    async (request, reply) => {
      const { name, path } = await find(request.params.name)
      try {
        const passphrase = chosenPassphrase(typed(request.body.passphrase), typed(request.body.again))
        await note(app, request, recordType, name)
        const { content, bytes } = await encryptedFile(path, passphrase)
        reply.header('content-disposition', `attachment; filename="${name}${encryptedEnding}"`)
        reply.header('content-length', bytes).header('cache-control', 'private, no-store')
        return reply.type('application/octet-stream').send(content)
      } catch (error) {
        if (!(error instanceof Refusal) || !error.field) throw error
        return reply.code(422).page('operation/maintenance/encrypted-copy', page(name, error))
      }
    },
  )
}

const labelOf = ({ field }: Refusal) => (field === 'again' ? t.again : t.field)

async function note(app: FastifyInstance, request: FastifyRequest, record_type: string, record_name: string) {
  const changes = [fact('is_encrypted', true, t.encrypted)]
  await recordEvent(app.db, request.actor, { action: 'export', record_type, record_name, changes })
}
