import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access, AccessOf } from './access.ts'
import { type Saving, takeEdit } from './edit.ts'
import { flashDoubts } from './field-remarks.ts'
import { keepBoxes } from './field-rules.ts'
import type { Field } from './fields.ts'
import { type Body, type FieldError, type Values, written } from './form.ts'
import { formView } from './form-view.ts'
import { sayOnCard } from './on-card.ts'
import { idParams } from './params.ts'
import { type RecordKind, versionIn } from './record.ts'
import { notFound } from './refusal.ts'
import type { Link } from './session.ts'

type Stored = { id: number; version: number } & Record<string, unknown>
export type FactParams = { Params: { id: number; field: string } }

/** A record of which one field at a time is changed on its card. */
export type Facts = {
  kind: RecordKind
  record: Stored
  /** Those that this person may change, and reads whole; each with what can only be changed together with it. */
  facts: Field[][]
  /** The address below which its facts are, and where it is looked at. */
  path: string
  place: string
  /** Makes of fields what stands in their form: the names of what they point at, and what was typed. */
  look(fields: Field[], typed: Body): Promise<{ fields: Field[]; typed: Body }>
  /** What such a field needs in its form beyond its declaration. */
  dress?(name: string, typed: Body, reference: Reference): object
  /** What was typed, with what is wrong with it beside the rest of the record. */
  read(fields: Field[], typed: Body, reference: Reference): { values: Values; errors: FieldError[] }
  find(): Promise<Stored>
  /** The fields with the names of what some values of them point at. */
  naming(fields: Field[], values: Values[]): Promise<Field[]>
  save(trx: Knex, saving: Saving): Promise<boolean>
  refused(error: unknown, fields: Field[], values: Values): Promise<FieldError[]>
  said(isChanged: boolean, values: Values): string
  /** What takes the change back, beside what is said. */
  undo(): Promise<Link | undefined>
}

type Place = {
  records: string
  permission: Access | AccessOf
  open(request: FastifyRequest<FactParams>): Promise<Facts>
}

const schema = {
  params: { ...idParams, properties: { ...idParams.properties, field: { type: 'string', maxLength: 60 } } },
}

/** Changing one fact of a record where it is shown: a small form on the card, without script a page with this alone. */
export function factRoutes(app: FastifyInstance, { records, permission, open }: Place) {
  const options = { config: { permission }, schema }
  const factAt = ({ facts }: Facts, { params }: FastifyRequest<FactParams>) => {
    const fields = facts.find(([first]) => first?.name === params.field)
    if (!fields) throw notFound()
    return fields
  }

  app.get<FactParams>(`${records}/:id/facts/:field`, options, async (request, reply) => {
    const facts = await open(request)
    const { fields } = await facts.look(factAt(facts, request), {})
    const reference = await referenceAt(app.db, request.revision)
    const typed = written(fields, facts.record)
    return factPage(reply, facts, fields, { typed, version: facts.record.version, reference })
  })

  app.post<FactParams & { Body: Body }>(`${records}/:id/facts/:field`, options, async (request, reply) => {
    const facts = await open(request)
    const asked = factAt(facts, request)
    const { id, action } = formOf(facts, asked)
    if (request.body.refresh)
      return factPage(reply, facts, asked, {
        typed: request.body,
        version: versionIn(request.body),
        reference: await referenceAt(app.db, request.revision),
      })
    let fields = asked
    const taken = await takeEdit(app, request, reply, {
      kind: { ...facts.kind, fields: asked },
      before: facts.record,
      find: facts.find,
      path: action,
      backHref: facts.place,
      extras: keepBoxes(asked).map(({ name }) => name),
      read: async (sent, reference) => {
        const looked = await facts.look(asked, sent)
        fields = looked.fields
        return facts.read(fields, looked.typed, reference)
      },
      save: facts.save,
      refused: (error, values) => facts.refused(error, asked, values),
      again: (reply, sent) => {
        sayOnCard(reply, id)
        return factPage(reply, facts, fields, { ...sent, version: versionIn(request.body) })
      },
      naming: (values) => facts.naming(asked, values),
    })
    if (!taken) return reply
    const undo = taken.saved ? await facts.undo() : undefined
    await request.flash(facts.said(taken.saved, taken.values), 'notice', undo)
    await flashDoubts(request, asked, taken.values, facts.record)
    return reply.redirect(facts.place, 303)
  })
}

const formOf = ({ path }: Facts, [first]: Field[]) => ({
  id: `fact-${first?.name}`,
  action: `${path}/facts/${first?.name}`,
})

type Sent = { typed: Body; version: number; reference: Reference; errors?: FieldError[] }

function factPage(reply: FastifyReply, facts: Facts, fields: Field[], sent: Sent) {
  const address = { ...formOf(facts, fields), cancelHref: facts.place }
  const view = formView({ ...address, groups: [{ title: '', fields }], ...sent })
  for (const group of view.form.groups)
    for (const field of group.fields) Object.assign(field, facts.dress?.(field.name, sent.typed, sent.reference))
  return reply.page('shared/fact', { title: text.record.editFact(fields.map(({ label }) => label)), ...view })
}
