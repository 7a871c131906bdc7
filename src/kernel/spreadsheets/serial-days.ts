const DAY_SECONDS = 86_400
const UNIX_EPOCH_SERIAL = 25_569
const DAYS_1900_TO_1904 = 1_462
/** 9999-12-31, the last day Excel knows. */
const LAST_SERIAL = 2_958_465

export interface DayAndTime {
  /** YYYY-MM-DD */
  day: string
  /** HH:mm */
  time: string
}

/**
 * Day and time of a day number as workbooks store it; undefined outside the years Excel knows. In the 1900 system the
 * number 60 is a day that never was, 1900-02-29, and the numbers before it are one day late.
 */
export function fromSerial(serial: number, is1904: boolean): DayAndTime | undefined {
  const since1900 = is1904 ? serial + DAYS_1900_TO_1904 : serial
  if (!(serial >= 0 && since1900 < LAST_SERIAL + 1)) return undefined
  const real = !is1904 && since1900 < 60 ? since1900 + 1 : since1900
  const seconds = Math.round((real - UNIX_EPOCH_SERIAL) * DAY_SECONDS)
  const iso = new Date(seconds * 1000).toISOString()
  return { day: iso.slice(0, 10), time: iso.slice(11, 16) }
}

/** The 1900-system number of a YYYY-MM-DD day; undefined for what is no day and before 1900-03-01, where Excel errs. */
export function daySerial(day: string): number | undefined {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  const isReal = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  return isReal ? serialOf(midnight) : undefined
}

/** The 1900-system number of a clock reading given as milliseconds since 1970 of that clock, to the second. */
export function serialOf(clock: number): number | undefined {
  const serial = Math.round(clock / 1000) / DAY_SECONDS + UNIX_EPOCH_SERIAL
  return serial >= 61 && serial < LAST_SERIAL + 1 ? serial : undefined
}
