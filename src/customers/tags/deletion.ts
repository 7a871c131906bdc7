import type { FastifyInstance } from 'fastify'
import { text } from '../../kernel/texts/index.ts'
import type { Body } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { versionIn } from '../../kernel/web/record.ts'
import { countTagged, removeTagTally } from '../customers/tags.ts'
import { findTag, removeTag } from './tag.ts'

/** A tag goes for good, after a page that says from how many customers. */
export function tagDeletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'tags.delete' as const }, schema: { params: idParams } }

  app.get<IdParams>('/tags/:id/deletion', options, async (request, reply) => {
    const tag = await findTag(app.db, request.params.id)
    const { living, binned } = await countTagged(app.db, tag.id)
    const confirm = {
      title: text.tags.deletion,
      text: text.tags.deletionText(tag.name),
      details: text.tags.deletionDetails(showCount(living), showCount(binned)),
      action: `/tags/${tag.id}/deletion`,
      submitLabel: text.tags.confirm,
      isDanger: true,
      cancelHref: '/tags',
      hidden: [{ name: 'version', value: String(tag.version) }],
    }
    return reply.page('shared/confirm', { title: text.tags.deletion, confirm })
  })

  app.post<IdParams & { Body: Body }>('/tags/:id/deletion', options, async (request, reply) => {
    const tag = await findTag(app.db, request.params.id)
    await app.db.transaction(async (trx) => {
      await removeTag(trx, tag, { version: versionIn(request.body), actor: request.actor })
      await removeTagTally(trx, tag.id)
    })
    await request.flash(text.tags.deleted(tag.name))
    return reply.redirect('/tags', 303)
  })
}
