import t from 'tap'
import {
  daysOf,
  type RelativeName,
  relativeBefore,
  relativeOptions,
} from '../../../src/analysis/analyses/relative-periods.ts'

const days = (name: RelativeName, today: string) => Object.values(daysOf(name, today)).join(' ')
const before = (name: RelativeName, today: string) => Object.values(relativeBefore(name, daysOf(name, today))).join(' ')

t.test('the days a period stands for', async (t) => {
  t.equal(days('this-week', '2026-11-26'), '2026-11-23 2026-11-26')
  t.equal(days('this-week', '2026-11-29'), '2026-11-23 2026-11-29', 'Sunday ends a week')
  t.equal(days('last-week', '2026-11-23'), '2026-11-16 2026-11-22')
  t.equal(days('this-month', '2026-11-26'), '2026-11-01 2026-11-26')
  t.equal(days('last-month', '2026-01-31'), '2025-12-01 2025-12-31')
  t.equal(days('this-quarter', '2026-11-26'), '2026-10-01 2026-11-26')
  t.equal(days('last-quarter', '2026-02-01'), '2025-10-01 2025-12-31')
  t.equal(days('this-year', '2026-01-01'), '2026-01-01 2026-01-01')
  t.equal(days('last-year', '2026-11-26'), '2025-01-01 2025-12-31')
  t.equal(days('last-30-days', '2026-03-01'), '2026-01-31 2026-03-01')
  t.equal(days('last-12-months', '2026-11-26'), '2025-11-27 2026-11-26')
  for (const { value } of relativeOptions)
    t.match(days(value as RelativeName, '2024-02-29'), /^\d{4}-\d\d-\d\d \d{4}-\d\d-\d\d$/, value)
})

t.test('what is going on is compared with the same part of the one before', async (t) => {
  t.equal(before('this-week', '2026-11-26'), '2026-11-16 2026-11-19')
  t.equal(before('this-month', '2026-11-26'), '2026-10-01 2026-10-26')
  t.equal(before('this-month', '2026-03-30'), '2026-02-01 2026-02-28')
  t.equal(before('this-month', '2026-11-30'), '2026-10-01 2026-10-31', 'a whole month with a whole one')
  t.equal(before('this-quarter', '2026-11-30'), '2026-07-01 2026-08-31')
  t.equal(before('this-year', '2026-11-26'), '2025-01-01 2025-11-26')
  t.equal(before('last-month', '2026-11-26'), '2026-09-01 2026-09-30')
  t.equal(before('last-30-days', '2026-11-30'), '2026-10-02 2026-10-31', 'as many days')
})
