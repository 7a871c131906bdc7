import t from 'tap'
import { nextOccurrence, occurrence, type RepeatRule, type Series } from '../../../src/office/todos/recurrence.ts'

const days = (rule: RepeatRule, from: string, count = 5) =>
  Array.from({ length: count }, (_, place) => occurrence(rule, from, place))
const series = (more: Partial<Series>): Series => ({
  rule: 'day',
  from: '2026-12-01',
  offDays: 'keep',
  until: null,
  left: 400,
  ...more,
})
const weekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
const next = (more: Partial<Series>, after = 0, notBefore = '2026-01-01', isOff = weekend) =>
  nextOccurrence(series(more), { after, notBefore, isOff })

t.test('each rule counts from its first day, so that short months change nothing for good', async (t) => {
  t.same(days('month', '2027-01-31'), ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31'])
  t.same(days('month_last', '2027-02-28', 3), ['2027-02-28', '2027-03-31', '2027-04-30'])
  t.same(days('year', '2028-02-29'), ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'])
  t.same(days('week', '2026-12-28', 3), ['2026-12-28', '2027-01-04', '2027-01-11'])
  t.same(days('day', '2027-02-27', 3), ['2027-02-27', '2027-02-28', '2027-03-01'])
})

t.test('the n-th weekday of a month; the fifth is the last where there is none', async (t) => {
  t.same(days('month_weekday', '2026-12-08', 3), ['2026-12-08', '2027-01-12', '2027-02-09'])
  t.same(days('month_weekday', '2027-01-29', 3), ['2027-01-29', '2027-02-26', '2027-03-26'])
})

t.test('it ends with its last day or its number', async (t) => {
  t.match(next({ until: '2026-12-02', left: null }), { place: 1, day: '2026-12-02', left: null })
  t.equal(next({ until: '2026-12-02', left: null }, 1), undefined)
  t.match(next({ left: 1 }), { day: '2026-12-02', left: 0 })
  t.equal(next({ left: 0 }), undefined)
})

t.test('what was missed does not come again, but counts', async (t) => {
  t.match(next({ left: 9 }, 0, '2026-12-05'), { place: 4, day: '2026-12-05', left: 5 })
  t.equal(next({ left: 3 }, 0, '2026-12-05'), undefined)
})

t.test('a day off is kept, left out without being counted, or moved to the next working day', async (t) => {
  t.match(next({ left: 9 }, 3), { day: '2026-12-05', left: 8 })
  t.match(next({ left: 9, offDays: 'skip' }, 3), { place: 6, day: '2026-12-07', left: 8 })
  t.match(next({ left: 9, offDays: 'next' }, 3), { place: 4, day: '2026-12-07', left: 8 })
  t.equal(
    next({ left: 9, offDays: 'skip' }, 0, '2026-01-01', () => true),
    undefined,
    'nothing but days off has an end',
  )
})

t.test('a last day of the month that is chosen before it comes in the same month', async (t) => {
  t.match(next({ rule: 'month_last', from: '2027-01-15' }, -1), { place: 0, day: '2027-01-31' })
  t.match(next({ rule: 'month_last', from: '2027-01-31' }), { place: 1, day: '2027-02-28' })
})
