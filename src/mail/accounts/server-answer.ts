import { text } from '../../texts/index.ts'

const t = text.mail.answers

/** An answer of a server that took something not: its number, its words, and the command it was to. */
export type Answer = { code: number; words: string; command: string }

/** What it means in our words: by the numbers of RFC 3463, else by those of RFC 5321 and what was asked. */
export function meaningOf({ code, words, command }: Answer): string {
  const [, kind = ''] = /\b[45]\.(\d{1,3}\.\d{1,3})\b/.exec(words) ?? []
  if (command.startsWith('AUTH') || [530, 534, 535].includes(code)) return t.signIn
  if (kind === '2.2') return t.full
  if (kind === '3.4' || kind === '2.3' || code === 552) return t.tooLarge
  if (code < 500) return t.later
  if (command.startsWith('MAIL')) return t.sender
  if (kind.startsWith('7.')) return t.unwanted
  return command.startsWith('RCPT') ? t.recipient : t.refused
}
