import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import { choice, type Field, line } from './fields.ts'
import { type Body, readForm, switchedOffErrors } from './form.ts'
import { peopleOptions } from './options.ts'
import { viewersWith } from './viewers.ts'

const t = text.transfers

/** What is given to somebody: what one is called, the column of its owner, and the right to see it. */
export type Given = { noun: string; column: string; view: Permission }

/** Who gives, and why that is no receiver. */
type Giver = { id: number; refusal: string }

export const receiverField = (column: string): Field => ({
  name: column,
  label: t.receiver,
  kind: choice,
  options: peopleOptions,
  isRequired: true,
})

export const reasonField = (noun: string): Field => ({
  name: 'reason',
  label: t.reason,
  kind: line,
  max: 200,
  hint: t.reasonHint(noun),
  isWide: true,
})

/**
 * To whom records may be given: those who may see all of these kinds, and not the one who gives. Others are refused in
 * words. The field has the name of the column of the first.
 */
export async function receiverFor(
  db: Knex,
  revision: number,
  given: readonly [Given, ...Given[]],
  giver?: Giver,
): Promise<Field> {
  const seeing = await Promise.all(
    given.map(async ({ noun, view }) => ({ noun, people: await viewersWith(db, revision, view) })),
  )
  const refusalOf = (id: number, name: string) => {
    if (id === giver?.id) return giver.refusal
    const unseen = seeing.find(({ people }) => !people.has(id))
    return unseen && t.seesNone(name, unseen.noun)
  }
  const options = (reference: Reference) =>
    peopleOptions(reference).map((option) => {
      const refusal = option.isActive === false ? undefined : refusalOf(Number(option.value), option.label)
      return refusal ? { ...option, isActive: false, refusal } : option
    })
  return { ...receiverField(given[0].column), options }
}

export const transferGroup = (receiver: Field, noun: string) => ({ title: '', fields: [receiver, reasonField(noun)] })

/** Reads who gets records and why; nobody who has left, or whom `receiver` does not offer. */
export function readTransfer(typed: Body, receiver: Field, noun: string, reference: Reference) {
  const { values, errors } = readForm(transferGroup(receiver, noun).fields, typed, reference)
  errors.push(...switchedOffErrors([receiver], values, reference))
  return { receiver: values[receiver.name] as number, reason: values.reason as string | null, errors }
}
