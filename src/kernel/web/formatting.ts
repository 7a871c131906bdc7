import { chinaMinute, chinaSecond } from '../china/clock.ts'

/** Money in fen as people read it: 1,234.50. */
export const showMoney = (cents: number | null | undefined) =>
  cents === null || cents === undefined ? '' : moneyFormat.format(cents / 100)

const moneyFormat = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const countFormat = new Intl.NumberFormat('zh-CN')

export const showCount = (count: number) => countFormat.format(count)

/** An instant as people in China read it, YYYY-MM-DD HH:mm. */
export const showInstant = (instant: string | Date | null | undefined) => (instant ? (chinaMinute(instant) ?? '') : '')

/** The same to the second, where the order of two acts may matter. */
export const showSecond = (instant: string | null | undefined) => (instant ? (chinaSecond(instant) ?? '') : '')
