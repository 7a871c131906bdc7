/** How something comes again 「重复」. */
export const repeatRules = ['day', 'week', 'month', 'month_last', 'month_weekday', 'year'] as const
export type RepeatRule = (typeof repeatRules)[number]

/** What becomes of it on a day off. */
export const offDayWays = ['keep', 'skip', 'next'] as const
export type OffDayWay = (typeof offDayWays)[number]

/** So often something comes at most, and no later than so many years after its beginning: nothing repeats for ever. */
export const mostTimes = 500
export const mostYears = 10

const dayMs = 86_400_000
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
/** A day so many days later. */
export const daysLater = (day: string, days: number) => dayOf(at(day) + days * dayMs)

type Month = { year: number; month: number }
/** The month so many months after that of a day; months count from 0. */
function monthLater(day: string, months: number): Month {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  return { year: Math.floor(count / 12), month: count % 12 }
}
const lastOf = ({ year, month }: Month) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
/** A day of a month, or its last one where it has no such day. */
const dayIn = (month: Month, date: number) => dayOf(Date.UTC(month.year, month.month, Math.min(date, lastOf(month))))

/** The n-th weekday of a month, as the day says it; the last such where the month has no fifth. */
function weekdayIn(month: Month, day: string) {
  const weekday = new Date(at(day)).getUTCDay()
  const first = 1 + ((weekday - new Date(Date.UTC(month.year, month.month, 1)).getUTCDay() + 7) % 7)
  const date = first + 7 * (Math.ceil(Number(day.slice(8)) / 7) - 1)
  return dayIn(month, date > lastOf(month) ? date - 7 : date)
}

const places: Record<RepeatRule, (from: string, place: number) => string> = {
  day: (from, place) => daysLater(from, place),
  week: (from, place) => daysLater(from, 7 * place),
  month: (from, place) => dayIn(monthLater(from, place), Number(from.slice(8))),
  month_last: (from, place) => dayIn(monthLater(from, place), 31),
  month_weekday: (from, place) => weekdayIn(monthLater(from, place), from),
  year: (from, place) => dayIn(monthLater(from, 12 * place), Number(from.slice(8))),
}

/** The day at a place of a series, counted from the day it began with at place 0, whatever became of those between. */
export const occurrence = (rule: RepeatRule, from: string, place: number) => places[rule](from, place)

export type Series = {
  rule: RepeatRule
  from: string
  offDays: OffDayWay
  until: string | null
  /** How many are still to come; null where `until` ends it. */
  left: number | null
}
export type Occurrence = { place: number; day: string; left: number | null }

/**
 * The next one behind a place that is no earlier than a day: what was missed does not come again, but counts. Undefined
 * where the series has ended.
 */
export function nextOccurrence(
  { rule, from, offDays, until, left }: Series,
  { after, notBefore, isOff }: { after: number; notBefore: string; isOff: (day: string) => boolean },
): Occurrence | undefined {
  let remaining = left
  for (let place = after + 1; place <= after + 366 * mostYears; place++) {
    const nominal = occurrence(rule, from, place)
    if ((until !== null && nominal > until) || remaining === 0) return undefined
    if (nominal <= from) continue
    const isSkipped = offDays === 'skip' && isOff(nominal)
    if (!isSkipped && remaining !== null) remaining -= 1
    const day = offDays === 'next' ? nextWorkday(nominal, isOff) : nominal
    if (!isSkipped && day >= notBefore) return { place, day, left: remaining }
  }
  return undefined
}

/** The day itself, or the next on which people work; no time off is as long as a month. */
function nextWorkday(day: string, isOff: (day: string) => boolean) {
  for (let later = 0; later < 31; later++) {
    const one = daysLater(day, later)
    if (!isOff(one)) return one
  }
  return day
}
