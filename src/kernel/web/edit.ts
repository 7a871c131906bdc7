import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../reference.ts'
import { sendConflict } from './conflict.ts'
import type { Field } from './fields.ts'
import { type Body, type FieldError, fieldError, readForm, typedIn, type Values } from './form.ts'
import { type RecordKind, Stale, takeChoices, versionIn } from './record.ts'
import { Refusal } from './refusal.ts'
import type { Actor } from './session.ts'

type Theirs = { id: number; version: number } & Record<string, unknown>
/** A form as it was sent, for the page that shows it again. */
export type Sent = { typed: Body; version: number; reference: Reference; errors?: FieldError[] }
/** What is saved, as `changeRecord` takes it. */
export type Saving = { version: number; values: Values; actor: Actor; reference: Reference }

type Read = { values: Values; errors: FieldError[] }

type Edit<T, R extends Read> = {
  kind: RecordKind
  /** The record as it stands; `find` looks once more where somebody else was quicker. */
  before: Values
  find(): Promise<Theirs>
  /** Where it is saved; one who gives up goes to `backHref`, there by default. */
  path: string
  backHref?: string
  /** What stands in the form; by default its fields, read one by one. */
  read?(typed: Body, reference: Reference): R | Promise<R>
  /** Saves what was read, inside one transaction; throws Stale, or a Refusal at a field. */
  save(trx: Knex, saving: Saving, sent: { typed: Body; read: R }): Promise<T>
  /** Shows the form again. */
  again(reply: FastifyReply, sent: Sent): Promise<unknown>
  /** What else a save can be refused for; throws what is no refusal. */
  refused?(error: unknown, values: Values): FieldError[] | Promise<FieldError[]>
  /** The fields as the conflict page shows them, with the names of what they point at. */
  naming?(values: Values[], version: number): Promise<Field[]>
  /** Names of what else stood in the form and must not be lost on the conflict page. */
  extras?: string[]
}

/**
 * Takes the changes of a record that stand in a form: shows it again with what is wrong (422), asks the second of two who
 * saved (409), or saves. Answers what was saved; undefined where a page was sent.
 */
export async function takeEdit<T, R extends Read = Read>(
  { db }: FastifyInstance,
  request: FastifyRequest<{ Body: Body }>,
  reply: FastifyReply,
  edit: Edit<T, R>,
): Promise<{ values: Values; saved: T; reference: Reference } | undefined> {
  const { kind, before, path, extras = [], refused = (error) => refusedAt(kind, error) } = edit
  const reference = await referenceAt(db, request.revision)
  const typed = takeChoices(kind, request.body, before)
  const sent = { typed, version: versionIn(typed), reference }
  const again = async (errors: FieldError[]) => void (await edit.again(reply.code(422), { ...sent, errors }))
  const read = (await edit.read?.(typed, reference)) ?? (readForm(kind.fields, typed, reference, before) as R)
  const { values, errors } = read
  if (errors.length > 0) return again(errors)
  const saving = { version: sent.version, values, reference, actor: request.actor }
  try {
    return { values, reference, saved: await db.transaction((trx) => edit.save(trx, saving, { typed, read })) }
  } catch (error) {
    if (!(error instanceof Stale)) return again(await refused(error, values))
    const kept = extras.map((name) => ({ name, value: typedIn(typed, name) }))
    const mine = { theirs: await edit.find(), yours: values, version: sent.version, reference, extras: kept }
    const fields = (await edit.naming?.([mine.theirs, values], sent.version)) ?? kind.fields
    await sendConflict(db, reply, { ...kind, fields }, { ...mine, path, backHref: edit.backHref ?? path })
    return undefined
  }
}

/** What a save was refused for, at which field; throws what is no refusal at one of them. */
export function refusedAt({ fields }: Pick<RecordKind, 'fields'>, error: unknown): FieldError[] {
  const field = error instanceof Refusal && fields.find(({ name }) => name === error.field)
  if (!field) throw error
  return [fieldError(field, error.message)]
}
