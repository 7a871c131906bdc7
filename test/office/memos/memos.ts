import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { daysLater } from '../../../src/office/todos/recurrence.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'

const { db, as } = await buildTestApp(t)
const [admin, he] = [await as('韩梅梅'), await as('李雷')]
let forms = 0
const post = (who: Browser, subject: string, shown_on: string) =>
  who.post('/memos', { subject, shown_on, state: 'open', form_id: `memo-form-${++forms}` })
const formOn = async (who: Browser, path: string) =>
  (await who.get('/desk')).page.querySelector(`form[action="${path}/completion"]`)

t.test('it stands on the workbench from its day on until it is ticked', async (t) => {
  const { location: due = '' } = await post(he, '昨天的备忘', daysLater(today(), -1))
  const { location: now = '' } = await post(he, '今天的备忘', today())
  const { location: later = '' } = await post(he, '明天的备忘', daysLater(today(), 1))
  t.ok(await formOn(he, now))
  t.ok(await formOn(he, due), 'kept over')
  t.match((await formOn(he, due))?.closest('tr')?.querySelector('.tone-red')?.text, '逾期')
  t.notOk(await formOn(he, later))
  t.equal((await he.post(`${due}/completion`)).status, 303)
  t.notOk(await formOn(he, due))
  const list = await he.get('/memos?state=done')
  t.match(list.page.querySelector('tbody button')?.getAttribute('formaction'), /reopening$/)
  await he.post(`${due}/reopening`)
  t.ok(await formOn(he, due))
})

t.test('it is there for oneself alone, whatever others may', async (t) => {
  const { location: path = '' } = await post(he, '只给自己看', today())
  t.equal((await he.get(path)).status, 200)
  t.equal((await admin.get(path)).status, 404)
  t.equal((await admin.post(`${path}/completion`)).status, 404)
  t.notMatch((await admin.get('/memos')).text, '只给自己看')
  t.notOk(await formOn(admin, path))
  t.equal((await (await as('王芳')).get('/memos')).status, 403)
  t.equal((await db('memos').where({ subject: '只给自己看' }).first()).state, 'open')
})

t.test('a day that is none is said at its field, and what was typed is kept', async (t) => {
  const wrong = await post(he, '某天', '2026-02-30')
  t.equal(wrong.status, 422)
  t.ok(wrong.page.querySelector('#memos-shown_on-error'))
  t.equal(wrong.page.querySelector('[name=subject]')?.getAttribute('value'), '某天')
})
