import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { type Body, type FieldError, type Values, written } from '../../kernel/web/form.ts'
import { conflictView, historyView, Stale, takeChoices } from '../../kernel/web/record.ts'
import { newFormId, once } from '../../kernel/web/submissions.ts'
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
      await once(app.db, typed, async (trx) => {
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
    const entry = await findEntry(app.db, request.params.name, request.params.id)
    const reference = await referenceOf(request)
    const typed = takeChoices(entryKind, request.body ?? {}, entry)
    const version = Number(typed.version) || 0
    const { values, errors } = readEntry(typed, reference)
    if (errors.length === 0) {
      const save = { version, values, actor: request.actor, reference }
      const stale = await app.db
        .transaction((trx) => saveEntry(trx, entry, save))
        .catch(staleOf)
        .catch(takenInto(errors))
      if (stale) return conflictPage(reply, entry, { yours: values, version, reference })
    }
    if (errors.length > 0) return editPage(reply.code(422), entry, { typed, errors, version, reference })
    return saved(request, reply, entry.dictionary, values)
  })

  async function editPage(reply: FastifyReply, entry: StoredEntry, form: Form & { version: number }) {
    const path = `/dictionaries/${entry.dictionary}`
    return reply.page('platform/dictionaries/edit', {
      title: text.dictionaries.editTitle(dictionaryNamed(entry.dictionary).label),
      history: await historyView(app.db, entryKind, entry.id),
      ...entryForm({ ...form, action: `${path}/${entry.id}`, cancelHref: path }),
    })
  }

  async function conflictPage(reply: FastifyReply, { dictionary, id }: StoredEntry, mine: Mine) {
    const path = `/dictionaries/${dictionary}`
    const theirs = await findEntry(app.db, dictionary, id)
    return reply.code(409).page('shared/conflict', {
      title: text.record.conflictTitle,
      ...(await conflictView(app.db, entryKind, { ...mine, theirs, action: `${path}/${id}`, cancelHref: path })),
    })
  }
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference }
type Mine = { yours: Values; version: number; reference: Reference }

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

function staleOf(error: unknown) {
  if (error instanceof Stale) return error
  throw error
}
