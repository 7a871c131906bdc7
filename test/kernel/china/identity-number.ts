import t from 'tap'
import { randomFrom } from '../../../bench/random.ts'
import { identityNumberProblem } from '../../../src/kernel/china/identity-number.ts'

/** ISO 7064 MOD 11-2: all signs weighed by powers of two, counted from the check itself, leave 1. */
const isRight = (number: string) =>
  [...number].reduce((sum, sign, at) => sum + (sign === 'X' ? 10 : Number(sign)) * 2 ** (17 - at), 0) % 11 === 1

t.test('of all check characters one is right, whatever the number', (t) => {
  const random = randomFrom(5)
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join('')
  for (let round = 0; round < 200; round++) {
    const day = `19${digits(2)}0${1 + random.below(9)}${10 + random.below(19)}`
    const body = `${1 + random.below(9)}${digits(5)}${day}${digits(3)}`
    for (const check of '0123456789X')
      t.equal(identityNumberProblem(body + check), isRight(body + check) ? null : 'check', body + check)
  }
  t.end()
})

t.test('old numbers have no check; days that are none make no number', (t) => {
  t.equal(identityNumberProblem('220102900307123'), null)
  for (const wrong of ['220102900230123', '22010219900230123X', '22010219901301123X', 'E12345678', ''])
    t.equal(identityNumberProblem(wrong), 'form', wrong)
  t.end()
})
