import { text } from '../../texts/index.ts'
import { today } from '../china/clock.ts'
import { identityNumberProblem, normaliseIdentityNumber } from '../china/identity-number.ts'
import { day, type FieldKind, integer, line, money } from './fields.ts'

const t = text.form.rules

/** Digits, in groups as they are written; nothing else is an account in China. */
export const bankAccount: FieldKind = {
  ...line,
  mistake: (value) => (/^\d[\d -]*$/.test(String(value)) ? undefined : t.account),
  doubt: (value) => (/^(\D*\d){8,30}\D*$/.test(String(value)) ? undefined : t.accountLength),
}

export const identityNumber: FieldKind = {
  ...line,
  parse: normaliseIdentityNumber,
  mistake: (value) => {
    const problem = identityNumberProblem(String(value))
    return problem ? t.identity[problem] : undefined
  },
}

const negative = (value: unknown) => (Number(value) < 0 ? t.negative : undefined)
/** Money of which there is none below nothing. */
export const amount: FieldKind = { ...money, mistake: negative }
export const points: FieldKind = { ...integer, mistake: negative }

/** A day that lies at most so many years back or ahead; others are kept, and asked about. */
const dayWithin = (years: { back: number; ahead: number }): FieldKind => ({
  ...day,
  doubt: (value) => {
    const typed = String(value)
    if (typed > yearsFromToday(years.ahead)) return years.ahead === 0 ? t.future : t.far(years.ahead)
    return typed < yearsFromToday(-years.back) ? t.past(years.back) : undefined
  },
})

/** The same day so many years on. */
function yearsFromToday(years: number): string {
  const now = today()
  return `${Number(now.slice(0, 4)) + years}${now.slice(4)}`
}

export const pastDay = dayWithin({ back: 50, ahead: 0 })
export const birthday = dayWithin({ back: 110, ahead: 0 })
export const comingDay = dayWithin({ back: 30, ahead: 5 })
