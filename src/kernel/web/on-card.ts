import type { FastifyReply } from 'fastify'
import { type Body, typedIn } from './form.ts'

/*
 * A form that is filled in on the card of a record: script puts it there from the page that has it, and one comes back to
 * the card.
 */

/** The address of such a form. */
export const onCard = (href: string): string => `${href}${href.includes('?') ? '&' : '?'}on_card=true`

/** Whether a form is filled in on a card, as its address or its hidden field says. */
export const isOnCard = (sent: unknown): boolean => typedIn((sent ?? {}) as Body, 'on_card') === 'true'

/** Shows what is wrong in the form on the card, where script had opened it; elsewhere the page is shown. */
export function sayOnCard(reply: FastifyReply, formId: string): void {
  if (!reply.request.headers['hx-request']) return
  for (const name of ['hx-retarget', 'hx-reselect']) reply.header(name, `#${formId}`)
}
