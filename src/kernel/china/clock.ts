const offset = 8 * 3_600_000

/**
 * Milliseconds since 1970 as a clock in China shows an instant: UTC+8, no summer time since 1992; NaN for no instant.
 * The program shows and prints this time wherever its server stands: rented ones are set to UTC.
 */
export function chinaClock(instant: unknown): number {
  return (instant instanceof Date ? instant.getTime() : Date.parse(String(instant))) + offset
}

/** 'YYYY-MM-DD HH:mm' in China of an instant; undefined for what is no instant. */
export const chinaMinute = (instant: unknown) => chinaSecond(instant)?.slice(0, 16)

/** 'YYYY-MM-DD HH:mm:ss' likewise. */
export function chinaSecond(instant: unknown): string | undefined {
  const clock = chinaClock(instant)
  return Number.isNaN(clock) ? undefined : new Date(clock).toISOString().slice(0, 19).replace('T', ' ')
}

/** The instant a day begins in China, or the day so many days later. */
export const startOfDay = (day: string, later = 0) =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + later * 86_400_000).toISOString()

/** Today in China, YYYY-MM-DD. */
export const today = () => new Date(chinaClock(new Date())).toISOString().slice(0, 10)
