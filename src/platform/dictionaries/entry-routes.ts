import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { refusedAt, takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, type Values, written } from '../../kernel/web/form.ts'
import { historyView } from '../../kernel/web/record.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { dictionaryNamed } from './dictionaries.ts'
import { addEntry, findEntry, type StoredEntry, saveEntry } from './entry.ts'
import { entryFields, entryForm, entryKind, readEntry, takenLabel } from './fields.ts'
import { type DictionaryParams, dictionaryParams, type EntryParams, entryParams, type Post } from './params.ts'

const creating = { config: { permission: 'dictionaries.create' }, schema: { params: dictionaryParams } } as const
const updating = { config: { permission: 'dictionaries.update' }, schema: { params: entryParams } } as const

/** The forms of an entry: new and edit. */
export async function entryRoutes(app: FastifyInstance) {
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  app.get<DictionaryParams>('/dictionaries/:name/new', creating, async (request, reply) =>
    newPage(reply, request.params.name, { typed: { is_active: 'true' }, reference: await referenceOf(request) }),
  )

  app.post<DictionaryParams & Post>('/dictionaries/:name', creating, async (request, reply) => {
    const { name } = request.params
    const reference = await referenceOf(request)
    const typed = request.body ?? {}
    const { values, errors } = readEntry(typed, reference)
    if (errors.length === 0)
      await idempotent(app.db, typed, async (trx) => {
        await addEntry(trx, name, values, { actor: request.actor, reference })
        return `/dictionaries/${name}`
      }).catch(takenInto(errors))
    if (errors.length > 0) return newPage(reply.code(422), name, { typed, errors, reference })
    return saved(request, reply, name, values)
  })

  app.get<EntryParams>('/dictionaries/:name/:id/edit', updating, async (request, reply) => {
    const entry = await findEntry(app.db, request.params.name, request.params.id)
    const typed = written(entryFields, entry)
    return editPage(reply, entry, { typed, version: entry.version, reference: await referenceOf(request) })
  })

  app.post<EntryParams & Post>('/dictionaries/:name/:id', updating, async (request, reply) => {
    const { name, id } = request.params
    const entry = await findEntry(app.db, name, id)
    const taken = await takeEdit(app, request, reply, {
      kind: entryKind,
      before: entry,
      find: () => findEntry(app.db, name, id),
      path: `/dictionaries/${name}/${id}`,
      backHref: `/dictionaries/${name}`,
      read: readEntry,
      save: (trx, saving) => saveEntry(trx, entry, saving),
      again: (reply, sent) => editPage(reply, entry, sent),
      refused: (error) => (isUniqueViolation(error) ? [takenLabel()] : refusedAt(entryKind, error)),
    })
    return taken ? saved(request, reply, name, taken.values) : reply
  })

  async function editPage(reply: FastifyReply, entry: StoredEntry, form: Form & { version: number }) {
    const path = `/dictionaries/${entry.dictionary}`
    return reply.page('platform/dictionaries/edit', {
      title: text.dictionaries.editTitle(dictionaryNamed(entry.dictionary).label),
      history: await historyView(app.db, entryKind, entry.id),
      ...entryForm({ ...form, action: `${path}/${entry.id}`, cancelHref: path }),
    })
  }
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference }

const newPage = (reply: FastifyReply, name: string, form: Form) =>
  reply.page('shared/form', {
    title: text.dictionaries.createTitle(dictionaryNamed(name).label),
    ...entryForm({
      ...form,
      formId: newFormId(),
      action: `/dictionaries/${name}`,
      cancelHref: `/dictionaries/${name}`,
    }),
  })

async function saved(request: FastifyRequest, reply: FastifyReply, name: string, values: Values) {
  await request.flash(text.dictionaries.saved(String(values.label)))
  return reply.redirect(`/dictionaries/${name}`, 303)
}

/** Takes the refusal of the unique index for an error of the label. */
const takenInto = (errors: FieldError[]) => (error: unknown) => {
  if (!isUniqueViolation(error)) throw error
  errors.push(takenLabel())
}
