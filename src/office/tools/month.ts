const day = 86_400_000

export type CalendarDay = { on: string; number: number; isOther: boolean; isToday: boolean; isWeekend: boolean }
export type Week = { number: number; days: CalendarDay[] }

const iso = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The number of the week of a Monday (GB/T 7408, as ISO 8601): the first week holds the first Thursday of the year. */
export function weekNumber(monday: number): number {
  const thursday = monday + 3 * day
  const january = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)
  return 1 + Math.floor((thursday - january) / (7 * day))
}

/** A month, YYYY-MM, as whole weeks from Monday on. */
export function weeksOf(month: string, today: string): Week[] {
  const first = Date.parse(`${month}-01T00:00:00Z`)
  const weekday = (new Date(first).getUTCDay() + 6) % 7
  const weeks: Week[] = []
  for (let monday = first - weekday * day; iso(monday).slice(0, 7) <= month; monday += 7 * day)
    weeks.push({
      number: weekNumber(monday),
      days: Array.from({ length: 7 }, (_, index) => dayOf(monday + index * day, month, today)),
    })
  return weeks
}

function dayOf(time: number, month: string, today: string): CalendarDay {
  const on = iso(time)
  const weekday = new Date(time).getUTCDay()
  return {
    on,
    number: new Date(time).getUTCDate(),
    isOther: !on.startsWith(month),
    isToday: on === today,
    isWeekend: weekday === 0 || weekday === 6,
  }
}

/** The month so many later, YYYY-MM. */
export function monthLater(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7)
}

/** A month that is typed in an address, or the one of today. */
export const monthIn = (typed: unknown, today: string) =>
  /^(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])$/.test(String(typed ?? '')) ? String(typed) : today.slice(0, 7)
