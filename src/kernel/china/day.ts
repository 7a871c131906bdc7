import { chinaClock } from './clock.ts'
import { singleLine } from './text.ts'

/** Why a day is none: 'year' where none is named (3月7日), 'digits' where they can be parted in several ways (2024112). */
export type DayProblem = 'year' | 'digits' | 'none'

const separated = /^(\d{4}) ?(?:([-/. ])|年) ?(\d{1,2}) ?(?:\2|月) ?(\d{1,2})(?: ?[日号])?/
const together = /^(\d{4})(\d\d)(\d\d)(?!\d)/
const yearless = /^(?:--)?(?:\d{1,2} ?[-/.月] ?\d{1,2} ?[日号]?|\d{1,2}月)$/

const weekday = /^ ?[,，(]? ?(?:星期|周|礼拜)[一二三四五六日天]\)?/
const half = '上午|下午|早上|早晨|晚上|中午|凌晨|AM|PM'
const clock = new RegExp(
  `^[ T,，]*(?:${half})? ?(\\d{1,2})(?:[:：时点] ?(?:(\\d{1,2})(?:[:：分] ?(?:(\\d{1,2})(?:[.,]\\d{1,9})?秒?)?)?)?) ?(?:${half})?`,
  'i',
)
const zone = /^ ?(?:Z|(?:UTC|GMT)?([+-])(\d\d):?(\d\d)|UTC|GMT)$/i

/**
 * Reads a day between 1900 and 2199 as people and programs write it: 2026-11-23, 2026/11/23, 2026.11.23, 20261123,
 * 2026年11月23日, a weekday and a time of day after it; answers YYYY-MM-DD or why it is none. A time with a zone (…T…Z) is
 * an instant, of which the day in China counts. Nothing is guessed: no year, and no digits that can be parted in two ways.
 */
export function readDay(typed: string): { day: string } | { problem: DayProblem } {
  const read = dateIn(singleLine(typed))
  if ('problem' in read) return read
  const moved = dayAt(read.date, read.rest)
  return moved === undefined || !isDay(moved) ? { problem: 'none' } : { day: moved }
}

/** The date a clean line begins with, and what stands behind it and its weekday. */
export function dateIn(written: string): { date: string; rest: string } | { problem: DayProblem } {
  const found = separated.exec(written) ?? together.exec(written)
  if (!found) return { problem: problemOf(written) }
  const [all] = found
  const [year = '', month = '', day = ''] = found.length > 4 ? [found[1], found[3], found[4]] : found.slice(1)
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(date) ? { date, rest: written.slice(all.length).replace(weekday, '') } : { problem: 'none' }
}

function problemOf(written: string): DayProblem {
  if (yearless.test(written)) return 'year'
  return /^\d{6,7}$/.test(written) ? 'digits' : 'none'
}

function isDay(date: string): boolean {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))]
  if (year < 1900 || year >= 2200 || month < 1 || month > 12 || day < 1) return false
  // Each month has these; to ask the calendar takes longer.
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The day of a day and what stands after it; undefined where that is no time. */
function dayAt(date: string, rest: string): string | undefined {
  if (rest.trim() === '') return date
  const time = clock.exec(rest)
  if (!time) return zone.test(rest) ? date : undefined
  const [all, hour = 0, minute = 0, second = 0] = time
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59) return undefined
  const after = rest.slice(all.length)
  if (after.trim() === '') return date
  const [named, sign, hours = 0, minutes = 0] = zone.exec(after) ?? []
  if (named === undefined) return undefined
  const away = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  const instant =
    Date.parse(`${date}T00:00:00Z`) + ((Number(hour) * 60 + Number(minute) - away) * 60 + Number(second)) * 1000
  return new Date(chinaClock(new Date(instant))).toISOString().slice(0, 10)
}

/** The day that was typed; undefined where it is none. */
export function parseDay(typed: string): string | undefined {
  const read = readDay(typed)
  return 'day' in read ? read.day : undefined
}
