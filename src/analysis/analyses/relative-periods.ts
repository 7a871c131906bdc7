import { text } from '../../texts/index.ts'
import {
  firstDay,
  monthOf,
  monthsEarlier,
  movedDay,
  movedMonth,
  type Period,
  periodBefore,
  shiftedDay,
} from './periods.ts'

/** A period that moves with the calendar; `months` or `days` lie between one and the one before where that is not simply as long. */
type Relative = { on(today: string): Period; months?: number; days?: number }
export type RelativeName = keyof typeof text.analysis.periods

/** The month, quarter or year that is going on, until today, and the one before it. */
const begun = (months: number): Relative => ({
  months,
  on: (today) => ({ from: firstDay(startMonth(today, months)), to: today }),
})
const past = (months: number): Relative => ({
  on(today) {
    const next = startMonth(today, months)
    return { from: firstDay(movedMonth(next, -months)), to: movedDay(firstDay(next), -1) }
  },
})

/** The first month of the month, quarter or year of a day. */
function startMonth(day: string, months: number): string {
  const month = monthOf(day)
  return movedMonth(month, -((Number(month.slice(5)) - 1) % months))
}

const mondayOf = (day: string) => movedDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

const relatives: Record<RelativeName, Relative> = {
  'this-week': { days: 7, on: (today) => ({ from: mondayOf(today), to: today }) },
  'last-week': { on: (today) => ({ from: movedDay(mondayOf(today), -7), to: movedDay(mondayOf(today), -1) }) },
  'this-month': begun(1),
  'last-month': past(1),
  'this-quarter': begun(3),
  'last-quarter': past(3),
  'this-year': begun(12),
  'last-year': past(12),
  'last-30-days': { days: 30, on: (today) => ({ from: movedDay(today, -29), to: today }) },
  'last-12-months': { months: 12, on: (today) => ({ from: movedDay(shiftedDay(today, -12), 1), to: today }) },
}

export const relativeOptions = Object.entries(text.analysis.periods).map(([value, label]) => ({ value, label }))

/** The days a period stands for today. */
export const daysOf = (name: RelativeName, today: string): Period => relatives[name].on(today)

/** The period before; of one that is going on the same part of the one before, so that like is compared with like. */
export function relativeBefore(name: RelativeName, period: Period): Period {
  const { months, days } = relatives[name]
  if (days) return { from: movedDay(period.from, -days), to: movedDay(period.to, -days) }
  return months ? monthsEarlier(period, months) : periodBefore(period)
}
