import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { Stale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { dictionaryNamed } from './dictionaries.ts'
import { findEntry, type StoredEntry, switchOffEntry } from './entry.ts'
import { type EntryParams, entryParams, type Post } from './params.ts'
import { EntryInUse, removeEntry } from './removal.ts'
import { countUses } from './uses.ts'
import { choiceView, removalView } from './views.ts'

const deleting = { config: { permission: 'dictionaries.delete' }, schema: { params: entryParams } } as const

/** Deletion asks first; for an entry in use it offers to move the records or to switch the entry off. */
export async function deletionRoutes(app: FastifyInstance) {
  app.get<EntryParams>('/dictionaries/:section/:id/deletion', deleting, async (request, reply) => {
    const entry = await findEntry(app.db, request.params.section, request.params.id)
    return ask(request, reply, entry)
  })

  app.post<EntryParams & Post>('/dictionaries/:section/:id/deletion', deleting, async (request, reply) => {
    const entry = await findEntry(app.db, request.params.section, request.params.id)
    const body = request.body ?? {}
    const way = typedIn(body, 'way')
    const target = way === 'move' ? await findTarget(request, entry) : undefined
    if (way === 'move' && !target) return ask(request, reply.code(422), entry, text.dictionaries.chooseTarget)
    try {
      await request.flash(await (way === 'off' ? switchOff(request, entry) : remove(request, entry, target)))
    } catch (error) {
      if (error instanceof EntryInUse) return ask(request, reply.code(422), entry, text.dictionaries.chooseWay)
      if (error instanceof Stale) throw new Refusal({ status: 409, message: text.record.stale })
      throw error
    }
    return reply.redirect(`/dictionaries/${entry.dictionary}`, 303)
  })

  async function ask(request: FastifyRequest, reply: FastifyReply, entry: StoredEntry, error?: string) {
    const path = `/dictionaries/${entry.dictionary}`
    const counts = await countUses(app.db, dictionaryNamed(entry.dictionary), [entry.id])
    const count = counts.get(entry.id) ?? { living: 0, binned: 0 }
    const title = text.dictionaries.deletion
    if (count.living + count.binned === 0)
      return reply.page('shared/confirm', { title, confirm: removalView(entry, path) })
    const reference = await referenceAt(app.db, request.revision)
    return reply.page('platform/dictionaries/deletion', {
      title,
      choice: choiceView(entry, path, { count, reference, error }),
    })
  }

  async function findTarget(request: FastifyRequest, entry: StoredEntry) {
    const id = Number(typedIn(request.body as Body, 'target_id'))
    const reference = await referenceAt(app.db, request.revision)
    return reference
      .dictionary(entry.dictionary)
      .find((other) => other.id === id && other.is_active && other.id !== entry.id)
  }

  async function remove(
    request: FastifyRequest,
    entry: StoredEntry,
    target: { id: number; label: string } | undefined,
  ) {
    const removal = { version: versionOf(request), target, actor: request.actor }
    const moved = await app.db.transaction((trx) => removeEntry(trx, dictionaryNamed(entry.dictionary), entry, removal))
    return target
      ? text.dictionaries.movedAndRemoved(showCount(moved), target.label, entry.label)
      : text.dictionaries.removed(entry.label)
  }

  async function switchOff(request: FastifyRequest, entry: StoredEntry) {
    const reference = await referenceAt(app.db, request.revision)
    const more = { version: versionOf(request), actor: request.actor, reference }
    await app.db.transaction((trx) => switchOffEntry(trx, entry, more))
    return text.dictionaries.switchedOff(entry.label)
  }
}

const versionOf = (request: FastifyRequest) => Number(typedIn(request.body as Body, 'version')) || 0
