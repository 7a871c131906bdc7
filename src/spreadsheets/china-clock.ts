const CHINA_OFFSET = 8 * 3_600_000

/** Milliseconds since 1970 as a clock in China shows an ISO instant: UTC+8, no summer time since 1992; NaN for no instant. */
export function chinaClock(instant: unknown): number {
  return (instant instanceof Date ? instant.getTime() : Date.parse(String(instant))) + CHINA_OFFSET
}

/** 'YYYY-MM-DD HH:mm' in China of an ISO instant; undefined for what is no instant. */
export function chinaMinute(instant: unknown): string | undefined {
  const clock = chinaClock(instant)
  return Number.isNaN(clock) ? undefined : new Date(clock).toISOString().slice(0, 16).replace('T', ' ')
}
