/** Money in fen as people read it: 1,234.50. */
export const showMoney = (cents: number | null | undefined) =>
  cents === null || cents === undefined ? '' : moneyFormat.format(cents / 100)

const moneyFormat = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const countFormat = new Intl.NumberFormat('zh-CN')

export const showCount = (count: number) => countFormat.format(count)

const two = (number: number) => String(number).padStart(2, '0')

/** The day of an instant where the server stands, YYYY-MM-DD. */
export const dayOf = (date: Date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

/** Today where the server stands. */
export const today = () => dayOf(new Date())

/** An instant where the server stands, YYYY-MM-DD HH:mm. */
export function showInstant(instant: string | Date | null | undefined) {
  if (!instant) return ''
  const date = new Date(instant)
  return `${dayOf(date)} ${two(date.getHours())}:${two(date.getMinutes())}`
}
