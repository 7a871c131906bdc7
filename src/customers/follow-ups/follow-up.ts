import { chinaMinute, today } from '../../kernel/china/clock.ts'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import type { Hooks, Run, Stored } from '../../kernel/modules/module.ts'
import type { Act } from '../../kernel/permissions.ts'
import { type FieldError, fieldError, typedIn, type Values } from '../../kernel/web/form.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'

const t = text.followUps
const said = (name: keyof typeof t.fields, message: string) => fieldError({ name, label: t.fields[name] }, message)

/** So long whoever wrote a record corrects it. */
const correctedHours = 24
const hourMs = 3_600_000
/** Clocks of offices differ by so much. */
const clockMs = 5 * 60_000

const subjectLength = 40

/** A record without a subject is called by the beginning of what it says. */
export function subjectOf({ subject, content }: Values): Values {
  if (subject || !content) return {}
  const [beginning = ''] = String(content).trim().split('\n')
  const short = [...beginning].slice(0, subjectLength).join('')
  const named = short === beginning ? short : `${short}…`
  return { subject: named, subject_pinyin: companyPinyin(named).full }
}

/** A new record begins with now, the way this person reached people last, whom the customer is reached by, and the day settled on. */
export const beginFollowUp: NonNullable<Hooks['begin']> = async ({ db, viewer, reference }, query) => {
  const customer_id = Number(typedIn(query, 'customer_id'))
  const last = await db('follow_ups').where({ user_id: viewer.id }).orderBy('id', 'desc').first('method_id')
  const main = await db('contacts').where({ customer_id, is_main: true }).whereNull('deleted_at').first('id')
  const customer = await db('customers').where({ id: customer_id }).first('next_contact_on')
  const settled = customer?.next_contact_on ?? null
  return {
    contacted_at: new Date().toISOString(),
    method_id: last?.method_id ?? reference.dictionary('follow-up-methods').find((one) => one.is_default)?.id ?? null,
    contact_id: main?.id ?? null,
    next_contact_on: settled !== null && settled > today() ? settled : null,
  }
}

/** What is wrong with a record that somebody writes; one that is imported may be old. */
export async function checkFollowUp({ trx }: Run, values: Values, before?: Stored): Promise<FieldError[]> {
  const errors: FieldError[] = []
  const isNew = (name: string) => values[name] !== null && values[name] !== before?.[name]
  const { contacted_at, next_contact_on, contact_id, customer_id } = values
  if (isNew('contacted_at') && Date.parse(String(contacted_at)) > Date.now() + clockMs)
    errors.push(said('contacted_at', t.inFuture))
  if (isNew('next_contact_on') && String(next_contact_on) < today()) errors.push(said('next_contact_on', t.nextPassed))
  if (isNew('contact_id') && contact_id !== undefined) {
    const contact = await trx('contacts')
      .where({ id: contact_id as number, customer_id: customer_id as number })
      .first('id')
    if (!contact) errors.push(said('contact_id', t.otherContact))
  }
  return errors
}

/** Why this person does not change a record. */
export function lockedFor(record: Stored, act: Act, viewer?: Viewer): string | undefined {
  if (act !== 'update' || !viewer) return undefined
  const isOwn = record.user_id === viewer.id
  if (isOwn && Date.parse(String(record.created_at)) > Date.now() - correctedHours * hourMs) return undefined
  const reach = viewer.can('follow_ups.delete') ? viewer.scope('follow_ups.delete') : new Set<number>()
  const isAbove = !isOwn && (reach === 'all' || reach.has(record.user_id as number))
  return isAbove ? undefined : t.locked(correctedHours)
}

/** The day of an instant in China. */
export const dayOf = (instant: unknown) => (chinaMinute(instant as string) ?? '').slice(0, 10)
