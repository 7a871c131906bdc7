import { text } from '../../texts/index.ts'
import { today } from '../china/clock.ts'

/** A day on which something is due, as a page shows it: one that has passed says so. */
export const dueCell = (day: unknown): { text: string; tone?: string } =>
  typeof day === 'string' && day < today()
    ? { text: text.record.overdue(day), tone: 'red' }
    : { text: String(day ?? '') }
