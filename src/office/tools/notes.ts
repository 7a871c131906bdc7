import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { referenceAt } from '../../kernel/reference.ts'
import { type Field, long, narrowLine } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, readForm, type Values, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { versionIn } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'

const t = text.tools.notes
const path = '/tools/notes'
const config = { permission: 'signed-in' } as const
const one = { config, schema: { params: idParams } }
const most = 500

type Note = { id: number; user_id: number; title: string; content: string | null; updated_at: string; version: number }

const fields: Field[] = [
  { name: 'title', label: t.title, kind: narrowLine, isRequired: true, max: 60 },
  { name: 'content', label: t.content, kind: long, max: 20_000, isWide: true },
]

/** The notes of one person, and of nobody else; those of others are not there. */
const notesOf = (db: Knex, { user }: FastifyRequest) => db('notes').where({ user_id: user?.id as number })

async function find(db: Knex, request: FastifyRequest, id: number): Promise<Note> {
  const note: Note | undefined = await notesOf(db, request).where({ id }).first()
  if (!note) throw notFound()
  return note
}

type Form = { typed: Body; errors?: FieldError[]; id?: number; version?: number }

/** The note pad. */
export function noteRoutes(app: FastifyInstance) {
  const { db } = app
  const page = async (request: FastifyRequest, reply: FastifyReply, { typed, errors = [], id, version }: Form) => {
    const notes: Note[] = await notesOf(db, request).orderBy('updated_at', 'desc').limit(most)
    const reference = await referenceAt(db, request.revision)
    const action = id === undefined ? path : `${path}/${id}`
    const shape = { id: 'note', action, groups: [{ title: '', fields }], cancelHref: path }
    const keys = id === undefined ? { formId: newFormId() } : { version: version ?? null }
    return reply.page('office/tools/notes', {
      title: id === undefined ? t.pad : String(typed.title ?? ''),
      ...formView({ ...shape, ...keys, typed, errors, reference }),
      deletion: id === undefined ? null : `${path}/${id}/deletion`,
      notes: notes.map((note) => ({
        href: `${path}/${note.id}`,
        title: note.title,
        at: showInstant(note.updated_at),
        isCurrent: note.id === id,
      })),
    })
  }

  app.get(path, { config }, (request, reply) => page(request, reply, { typed: {} }))

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const { values, errors } = readForm(fields, request.body, await referenceAt(db, request.revision))
    if (errors.length > 0) return page(request, reply.code(422), { typed: request.body, errors })
    const location = await idempotent(db, request.body, async (trx) => `${path}/${await add(trx, request, values)}`)
    await request.flash(t.saved)
    return reply.redirect(location, 303)
  })

  app.get<IdParams>(`${path}/:id`, one, async (request, reply) => {
    const { id, version, ...note } = await find(db, request, request.params.id)
    return page(request, reply, { typed: written(fields, note), id, version })
  })

  app.post<IdParams & { Body: Body }>(`${path}/:id`, one, async (request, reply) => {
    const { id, version } = await find(db, request, request.params.id)
    const { values, errors } = readForm(fields, request.body, await referenceAt(db, request.revision))
    const typed = request.body
    if (errors.length > 0) return page(request, reply.code(422), { typed, errors, id, version: versionIn(typed) })
    const changed = { ...values, updated_at: new Date().toISOString(), version: version + 1 }
    const count = await notesOf(db, request)
      .where({ id, version: versionIn(typed) })
      .update(changed)
    if (count === 0) {
      // In another window; what was typed here stays, and the next save takes its place.
      const stale = [{ field: 'content', label: t.content, message: t.stale }]
      return page(request, reply.code(422), { typed, errors: stale, id, version })
    }
    await request.flash(t.saved)
    return reply.redirect(`${path}/${id}`, 303)
  })

  app.get<IdParams>(`${path}/:id/deletion`, one, async (request, reply) => {
    const { id, title } = await find(db, request, request.params.id)
    const act = { action: `${path}/${id}/deletion`, submitLabel: text.actions.delete, isDanger: true }
    const confirm = { title: t.remove, text: t.deletionText(title), ...act, cancelHref: `${path}/${id}` }
    return reply.page('shared/confirm', { title: t.remove, confirm })
  })

  app.post<IdParams>(`${path}/:id/deletion`, one, async (request, reply) => {
    const { id, title } = await find(db, request, request.params.id)
    await notesOf(db, request).where({ id }).delete()
    await request.flash(t.deleted(title))
    return reply.redirect(path, 303)
  })
}

async function add(trx: Knex, { user }: FastifyRequest, values: Values): Promise<number> {
  const row = { user_id: user?.id, ...values, updated_at: new Date().toISOString(), version: 1 }
  const [{ id }] = await trx('notes').insert(row).returning('id')
  return id
}
