import { text } from '../../texts/index.ts'
import { chinaMinute } from '../china/clock.ts'
import { readInstant } from '../china/instant.ts'
import type { FieldKind } from './fields.ts'
import { showInstant } from './formatting.ts'

/** A day and a time of it, typed and shown in China's time to the minute, stored as ISO in UTC in a column ending in `_at`. */
export const instant: FieldKind = {
  control: 'instant',
  parse: (typed) => {
    const read = readInstant(typed)
    if ('problem' in read) throw read.problem === 'time' ? text.form.noTime : text.form.instant
    return `${read.instant.slice(0, 16)}:00.000Z`
  },
  write: (value) => chinaMinute(value ?? '')?.replace(' ', 'T') ?? '',
  show: (value) => showInstant(value as string | null),
}
