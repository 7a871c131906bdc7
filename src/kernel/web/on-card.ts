import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Body, typedIn } from './form.ts'
import { localPath } from './local-path.ts'

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

const backName = 'back'

/** The address of a form that leads back to the page it is opened from, whatever that is. */
export const leadingBack = (href: string): string => `${href}${href.includes('?') ? '&' : '?'}${backName}=true`

/** The page that such a form was opened from: what it sends along, or, as it is opened, where the browser comes from. */
export function backIn({ method, headers, host }: FastifyRequest, sent: Body): string | undefined {
  if (method !== 'GET') return localPath(typedIn(sent, backName))
  const from = typedIn(sent, backName) === 'true' && URL.parse(headers.referer ?? '')
  return from && from.host === host ? localPath(from.pathname + from.search) : undefined
}
