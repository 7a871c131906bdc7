const dayMs = 86_400_000
const instantOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10)

/** Days, both ends included. */
export type Period = { from: string; to: string }

export const movedDay = (day: string, days: number) => dayOf(instantOf(day) + days * dayMs)
export const monthOf = (day: string) => day.slice(0, 7)
export const firstDay = (month: string) => `${month}-01`
export const lastDay = (month: string) => movedDay(firstDay(movedMonth(month, 1)), -1)

/** A month, YYYY-MM, so many months later. */
export function movedMonth(month: string, by: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The same day of another month, or its last one where it has no such day. */
export function shiftedDay(day: string, months: number): string {
  const month = movedMonth(monthOf(day), months)
  const moved = `${month}-${day.slice(8)}`
  return moved > lastDay(month) ? lastDay(month) : moved
}

/** How many whole months a period is; 0 when it begins or ends within one. */
function wholeMonths({ from, to }: Period): number {
  if (from !== firstDay(monthOf(from)) || to !== lastDay(monthOf(to))) return 0
  return monthsFrom(from, to)
}

const monthsFrom = (from: string, to: string) =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1

/** The period of the same length right before: whole months before whole months, else as many days. */
export function periodBefore({ from, to }: Period): Period {
  const months = wholeMonths({ from, to })
  const last = movedDay(from, -1)
  if (months > 0) return { from: firstDay(movedMonth(monthOf(from), -months)), to: last }
  return { from: dayOf(instantOf(from) - (instantOf(to) - instantOf(from)) - dayMs), to: last }
}

/** The same period so many months earlier; what ends with its month still does. */
export function monthsEarlier(period: Period, months: number): Period {
  const isWhole = wholeMonths(period) > 0
  const to = isWhole ? lastDay(movedMonth(monthOf(period.to), -months)) : shiftedDay(period.to, -months)
  return { from: shiftedDay(period.from, -months), to }
}

/** The same period a year earlier. */
export const yearBefore = (period: Period): Period => monthsEarlier(period, 12)

const usualMonths = 12
const mostMonths = 36
const mostYears = 60

export type Span = Period & { label: string }

/**
 * The months of a period, or its years where they would be more than 36; the last of either where there are too many.
 * Without a beginning the last twelve months.
 */
export function spansOf({ from, to = from }: Partial<Period>, today: string): Span[] {
  const end = to && (!from || to > from) ? to : from && from > today ? from : (to ?? today)
  const begin = from ?? firstDay(movedMonth(monthOf(end), 1 - usualMonths))
  return monthsFrom(begin, end) > mostMonths ? yearsOf(begin, end) : monthsOf(begin, end)
}

const clipped = (from: string, to: string, span: Span): Span => ({
  ...span,
  from: span.from < from ? from : span.from,
  to: span.to > to ? to : span.to,
})

function monthsOf(from: string, to: string): Span[] {
  const months = Array.from({ length: monthsFrom(from, to) }, (_, at) => movedMonth(monthOf(from), at))
  return months.map((month) => clipped(from, to, { label: month, from: firstDay(month), to: lastDay(month) }))
}

function yearsOf(from: string, to: string): Span[] {
  const last = Number(to.slice(0, 4))
  const first = Math.max(Number(from.slice(0, 4)), last - mostYears + 1)
  const years = Array.from({ length: last - first + 1 }, (_, at) => String(first + at))
  return years.map((year) => clipped(from, to, { label: year, from: `${year}-01-01`, to: `${year}-12-31` }))
}
