import { text } from '../../texts/index.ts'

/** A fault told to a person: shown as it is, at its field when it has one. Anything else that is thrown is a 500. */
export class Refusal extends Error {
  readonly status: number
  readonly field: string | undefined

  constructor({ status = 422, message, field }: { status?: number; message: string; field?: string }) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.field = field
  }
}

/** The record may be seen, but this right does not reach it. */
export const forbidden = () => new Refusal({ status: 403, message: text.errors.forbidden })

/** The record is not there, or not there for this person: both look the same from outside. */
export const notFound = () => new Refusal({ status: 404, message: '' })
