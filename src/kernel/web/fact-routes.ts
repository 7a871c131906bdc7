import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access, AccessOf } from './access.ts'
import { type Saving, takeEdit } from './edit.ts'
import { flashDoubts } from './field-remarks.ts'
import { keepBoxes } from './field-rules.ts'
import type { Field } from './fields.ts'
import { type Body, type FieldError, formView, type Values, written } from './form.ts'
import { idParams } from './params.ts'
import { type RecordKind, versionIn } from './record.ts'
import { notFound } from './refusal.ts'

type Stored = { id: number; version: number } & Record<string, unknown>
export type FactParams = { Params: { id: number; field: string } }

/** A record of which one field at a time is changed on its card. */
export type Facts = {
  kind: RecordKind
  record: Stored
  /** Those that this person may change, and reads whole. */
  fields: Field[]
  /** The address below which its facts are, and where it is looked at. */
  path: string
  place: string
  /** Makes of a field what stands in its form: the names of what it points at, and what was typed. */
  look(field: Field, typed: Body): Promise<{ field: Field; typed: Body }>
  /** What was typed, with what is wrong with it beside the rest of the record. */
  read(field: Field, typed: Body, reference: Reference): { values: Values; errors: FieldError[] }
  find(): Promise<Stored>
  /** The field with the names of what some values of it point at. */
  naming(field: Field, values: Values[]): Promise<Field[]>
  save(trx: Knex, saving: Saving): Promise<boolean>
  refused(error: unknown, field: Field, values: Values): Promise<FieldError[]>
  said(isChanged: boolean, values: Values): string
}

type Place = {
  records: string
  permission: Access | AccessOf
  open(request: FastifyRequest<FactParams>): Promise<Facts>
}

const schema = {
  params: { ...idParams, properties: { ...idParams.properties, field: { type: 'string', maxLength: 60 } } },
}

/** Changing one field of a record where it is shown: a small form on the card, without script a page with this one field. */
export function factRoutes(app: FastifyInstance, { records, permission, open }: Place) {
  const options = { config: { permission }, schema }
  const fieldAt = ({ fields }: Facts, { params }: FastifyRequest<FactParams>) => {
    const field = fields.find(({ name }) => name === params.field)
    if (!field) throw notFound()
    return field
  }

  app.get<FactParams>(`${records}/:id/facts/:field`, options, async (request, reply) => {
    const facts = await open(request)
    const asked = fieldAt(facts, request)
    const { field } = await facts.look(asked, {})
    const reference = await referenceAt(app.db, request.revision)
    const typed = written([field], facts.record)
    return factPage(reply, facts, field, { typed, version: facts.record.version, reference })
  })

  app.post<FactParams & { Body: Body }>(`${records}/:id/facts/:field`, options, async (request, reply) => {
    const facts = await open(request)
    const asked = fieldAt(facts, request)
    let field = asked
    const taken = await takeEdit(app, request, reply, {
      kind: { ...facts.kind, fields: [asked] },
      before: facts.record,
      find: facts.find,
      path: `${facts.path}/facts/${asked.name}`,
      backHref: facts.place,
      extras: keepBoxes([asked]).map(({ name }) => name),
      read: async (sent, reference) => {
        const looked = await facts.look(asked, sent)
        field = looked.field
        return facts.read(field, looked.typed, reference)
      },
      save: facts.save,
      refused: (error, values) => facts.refused(error, asked, values),
      again: (reply, sent) => {
        // What is wrong is said in the form on the card, where script had opened it.
        if (request.headers['hx-request'])
          for (const name of ['hx-retarget', 'hx-reselect']) reply.header(name, `#${formId(field)}`)
        return factPage(reply, facts, field, { ...sent, version: versionIn(request.body) })
      },
      naming: (values) => facts.naming(asked, values),
    })
    if (!taken) return reply
    await request.flash(facts.said(taken.saved, taken.values))
    await flashDoubts(request, [asked], taken.values, facts.record)
    return reply.redirect(facts.place, 303)
  })
}

const formId = ({ name }: Field) => `fact-${name}`

type Sent = { typed: Body; version: number; reference: Reference; errors?: FieldError[] }

function factPage(reply: FastifyReply, { path, place }: Facts, field: Field, sent: Sent) {
  const groups = [{ title: '', fields: [field] }]
  const address = { id: formId(field), action: `${path}/facts/${field.name}`, cancelHref: place }
  return reply.page('shared/fact', {
    title: text.record.editFact(field.label),
    ...formView({ ...address, groups, ...sent }),
  })
}
