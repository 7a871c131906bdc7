import { dateIn } from './day.ts'
import { singleLine } from './text.ts'

/** Why a text is no instant: `time` where it names a day and no time of it. */
export type InstantProblem = 'time' | 'none'

const clock =
  /^[ T,，]*(上午|下午|早上|早晨|晚上|中午|凌晨)? ?(\d{1,2})(?:[:：] ?(\d{1,2})(?:[:：] ?(\d{1,2})(?:[.,]\d{1,9})?)?|[时点] ?(?:(\d{1,2})分? ?(?:(\d{1,2})秒)?)?) ?(AM|PM|上午|下午)?/i
const zone = /^ ?(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d\d):?(\d\d))$/i
const later = new Set(['下午', '晚上', 'pm'])
const earlier = new Set(['上午', '凌晨', 'am'])

/**
 * Reads an instant as people and programs write it, in China's time where no zone stands behind it: 2026-11-23 14:30,
 * 2026-11-23T14:30, 2026年11月23日 下午2:30, 2026-11-23T06:30:00Z. Answers it as ISO in UTC, to the second.
 */
export function readInstant(typed: string): { instant: string } | { problem: InstantProblem } {
  const read = dateIn(singleLine(typed))
  if ('problem' in read) return { problem: 'none' }
  if (read.rest.trim() === '') return { problem: 'time' }
  const found = clock.exec(read.rest)
  if (!found) return { problem: 'none' }
  const [all, before, hours, a, b, c, d, behind] = found
  const hour = hourOf(Number(hours), (before ?? behind ?? '').toLowerCase())
  const [minute, second] = [Number(a ?? c ?? 0), Number(b ?? d ?? 0)]
  const away = awayOf(read.rest.slice(all.length))
  if (hour === undefined || minute > 59 || second > 59 || away === undefined) return { problem: 'none' }
  if (hour === 24 && minute + second > 0) return { problem: 'none' }
  const midnight = Date.parse(`${read.date}T00:00:00Z`)
  return { instant: new Date(midnight + ((hour * 60 + minute - away) * 60 + second) * 1000).toISOString() }
}

/** 下午2点 is 14, 上午12点 is 0; undefined where there is no such hour. */
function hourOf(hour: number, half: string): number | undefined {
  if (hour > 24) return undefined
  if (later.has(half) && hour < 12) return hour + 12
  return earlier.has(half) && hour === 12 ? 0 : hour
}

/** Minutes of the zone before UTC; China's where none is named, undefined where it is no zone. */
function awayOf(rest: string): number | undefined {
  if (rest.trim() === '') return 8 * 60
  const [all, utc, sign, hours, minutes] = zone.exec(rest) ?? []
  if (all === undefined) return undefined
  return utc ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}
