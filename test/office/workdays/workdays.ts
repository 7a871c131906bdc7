import t from 'tap'
import { isDayOff, workdaysBetween } from '../../../src/office/workdays/workdays.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const { db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')

t.test('days off as published, made-up working days, and weekends', async (t) => {
  const known = await workdaysBetween(db, '2026-01-01', '2026-12-31')
  for (const day of ['2026-01-01', '2026-02-20', '2026-10-07', '2026-12-05']) t.ok(isDayOff(known, day), day)
  for (const day of ['2026-02-14', '2026-10-10', '2026-10-08', '2026-12-01']) t.notOk(isDayOff(known, day), day)
})

t.test('a day stands once; who may only look adds none', async (t) => {
  const day = { name: '厂庆', held_on: '2027-03-05', kind: 'off' }
  t.equal((await admin.post('/workdays', { ...day, form_id: 'workday-form-1' })).status, 303)
  const twice = await admin.post('/workdays', { ...day, form_id: 'workday-form-2' })
  t.equal(twice.status, 422)
  t.match(twice.page.querySelector('#workdays-held_on-error')?.text, '已经登记')
  t.equal(twice.page.querySelector('[name=name]')?.getAttribute('value'), '厂庆')
  const he = await as('李雷')
  t.match((await he.get('/workdays?held_on_from=2027-03-05')).text, '厂庆')
  t.equal((await he.post('/workdays', day)).status, 403)
})
