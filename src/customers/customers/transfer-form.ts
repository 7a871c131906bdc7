import { fact } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { type Field, line } from '../../kernel/web/fields.ts'
import { type Body, readForm, switchedOffErrors } from '../../kernel/web/form.ts'
import type { Said } from './bulk.ts'
import { customerField } from './fields.ts'

const t = text.transfers

export const receiverField: Field = {
  ...customerField('owner_id'),
  label: t.receiver,
  hint: undefined,
  isRequired: true,
}
export const reasonField: Field = {
  name: 'reason',
  label: t.reason,
  kind: line,
  max: 200,
  hint: t.reasonHint,
  isWide: true,
}

export const transferGroup = (receiver: Field) => ({ title: '', fields: [receiver, reasonField] })

/** Reads who gets customers and why; nobody who has left, or whom `receiver` does not offer (customers/customers/receivers.ts). */
export function readTransfer(typed: Body, receiver: Field, reference: Reference) {
  const { values, errors } = readForm(transferGroup(receiver).fields, typed, reference)
  errors.push(...switchedOffErrors([receiver], values, reference))
  return { receiver: values.owner_id as number, reason: values.reason as string | null, errors }
}

/** How a transfer stands in the history of a customer. */
export const saidOf = (reason: string | null): Said => ({
  permission: 'customers.transfer',
  action: 'transfer',
  changes: reason ? [fact('reason', reason)] : [],
})
