import t from 'tap'
import {
  creditCodeCheck,
  creditCodeProblem,
  innerCheck,
  normaliseCreditCode,
} from '../../../src/kernel/china/credit-code.ts'

const published = [
  '914403001922038216',
  '9144030071526726XG',
  '91440400192548256N',
  '91440300192317458F',
  '9152000071430580XT',
  '91370200163615667J',
]

t.test('published codes are right', async (t) => {
  for (const code of published) {
    t.equal(creditCodeProblem(code), null, code)
    t.equal(innerCheck(code.slice(8, 16)), code[16], code)
  }
})

t.test('one changed or two exchanged characters are found', async (t) => {
  for (const code of published) {
    for (let i = 8; i < 17; i++) {
      const other = code[i] === '1' ? '2' : '1'
      t.equal(creditCodeProblem(code.slice(0, i) + other + code.slice(i + 1)), 'check', `${code} at ${i}`)
    }
  }
  t.equal(creditCodeProblem('914403001922038261'), 'check')
})

t.test('the worked example that circulates is wrong, 3 is right', async (t) => {
  t.equal(creditCodeProblem('91350100M000100Y4Z'), 'form', 'Z is not in the alphabet')
  t.equal(creditCodeCheck('91350100M000100Y4'), '3')
  t.equal(creditCodeProblem('91350100M000100Y43'), null)
})

t.test('remainder zero gives the character 0', async (t) => {
  const body = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'].find((last) => creditCodeCheck(`91440300192203${last}21`) === '0')
  t.equal(creditCodeProblem(`91440300192203${body}210`), null)
})

t.test('form', async (t) => {
  for (const code of ['', '220101000000001', '91440300192203821', '9144030019220382166', '914403O01922038216', 'N/A']) {
    t.equal(creditCodeProblem(code), 'form', code)
  }
  t.equal(normaliseCreditCode(' ９１４４０３００-7152 6726xg\u200B'), '9144030071526726XG')
})

t.test('inner check', async (t) => {
  t.equal(innerCheck('71526726'), 'X')
})
