import t from 'tap'
import { chinaMinute, today } from '../../../src/kernel/china/clock.ts'
import { daysLater } from '../../../src/office/todos/recurrence.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
const he = await as('李雷')
const idOf = async (name: string): Promise<number> => (await db('users').where({ name }).first('id')).id
const [mei, lei] = [await idOf('韩梅梅'), await idOf('李雷')]
const yesterday = `${daysLater(today(), -1)} 09:00`
const tonight = `${today()} 23:59`

let forms = 0
const usual = { subject: '催款', due_at: tonight, priority: 'normal', state: 'open' }
const post = (who: Browser, values: Record<string, string> = {}) =>
  who.post('/todos', { ...usual, ...values, form_id: `todo-form-${++forms}` })
async function add(who: Browser, values: Record<string, string> = {}) {
  const { status, location = '', text } = await post(who, values)
  if (status !== 303) throw new Error(text)
  return location
}
const rowOf = ({ page }: Answer, subject: string) =>
  page.querySelectorAll('tbody tr').find((row) => row.text.includes(subject))
const idIn = (path: string) => Number(path.split('/').at(-1))
const storedAt = (path: string) =>
  db('todos')
    .where({ id: idIn(path) })
    .first()

t.test('one for oneself is one’s own, given by oneself, and points at a customer', async (t) => {
  const customer = await makeCustomer(db, { name: '待办客户公司' })
  const path = await add(admin, { subject: '送合同', customer_id: `id:${customer}` })
  t.match(await storedAt(path), { owner_id: mei, giver_id: mei, state: 'open', customer_id: customer })
  const card = await admin.get(path)
  t.match(card.text, '待办客户公司')
  t.equal(card.page.querySelector('.actions form')?.getAttribute('action'), `${path}/completion`)
  const form = (await admin.get('/todos/new')).page
  t.equal(form.querySelector('[name=giver_id]'), null, 'nobody says who gave it')
  t.match(form.querySelector('[name=due_at]')?.getAttribute('value'), `${today()}T18:00`)
})

t.test('it is given to others by who has the right, seen by giver and receiver, and by nobody else', async (t) => {
  const path = await add(admin, { subject: '给李雷的事', owner_id: String(lei) })
  t.match(await storedAt(path), { owner_id: lei, giver_id: mei })
  t.equal((await he.get(path)).status, 200)
  const kept = await add(he, { subject: '想推给别人', owner_id: String(mei) })
  t.match(await storedAt(kept), { owner_id: lei, giver_id: lei }, 'without the right it stays with oneself')
  await addPerson(db, '只看本人', [await everyRightWithin(db, '本人待办', { view: 'own' })])
  const giver = await signedIn(app, '只看本人')
  const given = await add(giver, { subject: '我交出去的', owner_id: String(lei) })
  t.equal((await giver.get(given)).status, 200, 'who gave it sees it although it is another’s')
  t.equal((await giver.get(`${given}/edit`)).status, 200, 'and may change it')
  t.ok(rowOf(await giver.get('/todos'), '我交出去的'))
  t.ok(rowOf(await giver.get(`/todos?giver_id=${await idOf('只看本人')}&state=open`), '我交出去的'))
  t.ok(rowOf(await giver.get('/todos?q=交出去'), '我交出去的'))
  t.notOk(rowOf(await giver.get('/todos'), '给李雷的事'))
  t.equal((await giver.get(path)).status, 404, 'others’ is not there')
  t.equal((await giver.post(`${path}/completion`)).status, 404)
  t.equal((await storedAt(path)).state, 'open')
})

t.test('who has no right sees nothing of it', async (t) => {
  const path = await add(he, { subject: '李雷自己的' })
  const she = await as('王芳')
  for (const one of ['/todos', path, '/todos/new']) t.equal((await she.get(one)).status, 403, one)
  t.equal((await she.post(`${path}/completion`)).status, 403)
  t.notMatch((await she.get('/desk')).text, '待办事项')
})

t.test('a superior sees those of the people below', async (t) => {
  const boss = await addPerson(db, '主管', ['sales_manager'])
  await addPerson(db, '下属', ['sales'], { superior_id: boss })
  await addPerson(db, '同事', ['sales'])
  const path = await add(await signedIn(app, '下属'), { subject: '下属的事' })
  t.equal((await (await signedIn(app, '主管')).get(path)).status, 200)
  t.equal((await (await signedIn(app, '同事')).get(path)).status, 404)
})

t.test('it is done, and taken back, at one click in the list, without script too', async (t) => {
  const path = await add(he, { subject: '一键办完' })
  const list = await he.get('/todos')
  const button = rowOf(list, '一键办完')?.querySelector('button[formaction]')
  t.equal(button?.getAttribute('formaction'), `${path}/completion`)
  t.equal((await he.post(`${path}/completion`)).location, path)
  t.equal((await storedAt(path)).state, 'done')
  t.equal((await he.post(`${path}/completion`)).status, 303, 'said twice')
  t.equal((await storedAt(path)).version, 2, 'it is done once')
  t.match(rowOf(await he.get('/todos'), '一键办完')?.querySelector('button')?.text, '取消办完')
  await he.post(`${path}/reopening`)
  t.equal((await storedAt(path)).state, 'open')
  t.match((await he.get(path)).text, /办完.*未办/)
})

t.test('late ones are red and say so, and stay on the workbench until they are done', async (t) => {
  const path = await add(he, { subject: '昨天的事', due_at: yesterday })
  const late = rowOf(await he.get('/todos'), '昨天的事')
  t.match(late?.querySelector('.tone-red')?.text, '逾期')
  t.match((await he.get(path)).page.querySelector('.head .tone-red')?.text, '逾期')
  const desk = await he.get('/desk')
  const row = rowOf(desk, '昨天的事')
  t.match(row?.querySelector('.tone-red')?.text, '逾期')
  t.equal(row?.querySelector('form')?.getAttribute('action'), `${path}/completion`)
  await he.post(`${path}/completion`)
  t.notOk((await he.get('/desk')).page.querySelector(`form[action^="${path}/"]`))
  t.notOk(rowOf(await he.get('/todos'), '昨天的事')?.querySelector('.tone-red'), 'what is done is not late')
  await add(he, { subject: '明天的事', due_at: `${daysLater(today(), 1)} 09:00` })
  t.notOk(rowOf(await he.get('/desk'), '明天的事'))
})

t.test('a repetition has an end', async (t) => {
  const endless = await post(he, { repeat_rule: 'month' })
  t.equal(endless.status, 422)
  t.match(endless.page.querySelector('#todos-repeat_until_on-error')?.text, '请写明重复到哪一天')
  t.equal(endless.page.querySelector('[name=subject]')?.getAttribute('value'), '催款', 'what was typed is kept')
  const wrong = async (values: Record<string, string>) => (await post(he, { repeat_rule: 'day', ...values })).text
  t.match(await wrong({ repeat_count: '0' }), '应是 1 到 500')
  t.match(await wrong({ repeat_count: '501' }), '应是 1 到 500')
  t.match(await wrong({ repeat_until_on: daysLater(today(), -1) }), '不能早于时限')
  t.match(await wrong({ repeat_until_on: daysLater(today(), 4000) }), '最远十年')
  t.match(await wrong({ repeat_rule: '', repeat_count: '3' }), '没有选择重复')
})

t.test('who is done with one of a series gets the next one, and loses it by taking that back', async (t) => {
  const path = await add(he, { subject: '每周例会', repeat_rule: 'week', repeat_count: '3' })
  const series = () => db('todos').where({ subject: '每周例会' }).whereNull('deleted_at').orderBy('id')
  await he.post(`${path}/completion`)
  const [, next] = await series()
  t.match(chinaMinute(next.due_at), `${daysLater(today(), 7)} 23:59`)
  t.match(next, { state: 'open', repeat_count: 2, previous_id: idIn(path), owner_id: lei, giver_id: lei })
  await he.post(`${path}/reopening`)
  t.equal((await series()).length, 1, 'the next one went with it')
  for (let times = 0; times < 5; times++) {
    const open = await series().where({ state: 'open' }).first()
    if (open) await he.post(`/todos/${open.id}/completion`)
  }
  const all = await series()
  t.same(
    all.map(({ due_at }) => String(chinaMinute(due_at)).slice(0, 10)),
    [0, 7, 14].map((days) => daysLater(today(), days)),
    'three times in all',
  )
})
