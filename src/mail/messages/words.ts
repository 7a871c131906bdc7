import { maskMail } from '../../kernel/china/masking.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import type { Message, MessageState } from './message.ts'

const tones: Record<MessageState, string> = {
  queued: 'gray',
  sending: 'blue',
  sent: 'green',
  refused: 'red',
  failed: 'red',
  uncertain: 'amber',
}

export const stateCell = (state: MessageState) => ({ text: text.mail.states[state], tone: tones[state] })

export const stateOptions = () =>
  Object.entries(text.mail.states).map(([value, label]) => ({ value, label, tone: tones[value as MessageState] }))

const address = /[^\s@<>,;:"'()]+@[^\s@<>,;:"'()]+/g

/** What a server said, without the addresses in it for those who must not read them whole. */
export const shownAnswer = (viewer: Viewer, { answer }: Pick<Message, 'answer'>): string =>
  viewer.isMasked('mail') ? (answer ?? '').replace(address, maskMail) : (answer ?? '')

/** The addresses of a list likewise. */
export const shownList = (viewer: Viewer, list: string | null): string =>
  viewer.isMasked('mail') ? (list ?? '').replace(address, maskMail) : (list ?? '')
