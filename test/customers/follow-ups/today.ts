import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { noRights } from '../../../src/people/roles/rights.ts'
import { addRole } from '../../../src/people/roles/role.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { create } from '../customers/fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const boss = await addPerson(db, '主管', [await everyRightWithin(db, '下级的', { view: 'team' })])
const own = await everyRightWithin(db, '自己的', { view: 'own' })
const seller = await addPerson(db, '销售', [own], { superior_id: boss })
await addPerson(db, '别人', [own])
await addPerson(db, '看不全', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
await addPerson(db, '没有权限', [await everyRightWithin(db, '没有', { view: 'all', without: ['follow_ups.view'] })])
const admin = await as('韩梅梅')
const by = (name: string) => signedIn(app, name)

const dayIn = (days: number) =>
  new Date(Date.parse(`${today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

const ids: Record<string, number> = {}
for (const [name, next_contact_on] of Object.entries({
  逾期: dayIn(-3),
  今天: today(),
  后天: dayIn(2),
  以后: dayIn(30),
  没有: '',
}))
  ids[name] = await create(admin, { name: `${name}公司`, owner_id: seller, next_contact_on })
await create(admin, { name: '别家公司', owner_id: boss, next_contact_on: today() })
for (const id of Object.values(ids))
  await admin.post(`/customers/${id}/contacts`, { name: '白玲梅', is_main: 'true', mobile: '13944012345' })

/** The names of the customers of each group. */
const groups = ({ page }: Answer) =>
  Object.fromEntries(
    page
      .querySelectorAll('main section.group')
      .map((section) => [
        section.querySelector('h2')?.text.trim(),
        section.querySelectorAll('tbody tr').map((row) => row.querySelector('a')?.text.replace('公司', '')),
      ]),
  )

t.test(
  'one’s day has whom to reach in groups, by the facts, with number, what was said last and what was meant',
  async (t) => {
    const one = await by('销售')
    const before = groups(await one.get('/follow-ups/today'))
    t.same(before, {
      '已逾期（1）': ['逾期'],
      '今天（1）': ['今天'],
      '今后 7 天（1）': ['后天'],
      '没有下次联系时间（1）': ['没有'],
      从未联系: ['没有', '以后', '后天', '今天', '逾期'],
    })
    const answer = await one.post('/follow-ups', {
      form_id: 'the-day-of-one',
      customer_id: String(ids.逾期),
      content: '看过样册',
      contacted_at: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16),
      next_contact_on: today(),
      next_content: '发报价单',
    })
    t.equal(answer.status, 303)
    const after = await one.get('/follow-ups/today')
    t.same(groups(after)['已逾期（0）'], [])
    t.same(groups(after)['今天（2）']?.toSorted(), ['今天', '逾期'])
    t.same(groups(after).从未联系, ['没有', '以后', '后天', '今天'])
    const line = after.page.querySelectorAll('main tbody tr').find((row) => row.text.includes('逾期公司'))?.text
    for (const said of ['白玲梅', '13944012345', '看过样册', '发报价单', '增加记录']) t.match(line, said)
  },
)

t.test('a superior chooses whose day it is; nobody sees that of one out of reach', async (t) => {
  const [above, other] = [await by('主管'), await by('别人')]
  const mine = await above.get('/follow-ups/today')
  t.same(groups(mine)['今天（1）'], ['别家'])
  t.same(
    mine.page
      .querySelectorAll('[name=owner_id] option')
      .map((option) => option.text)
      .toSorted(),
    ['主管', '销售'].toSorted(),
  )
  t.same(groups(await above.get(`/follow-ups/today?owner_id=${seller}`))['今后 7 天（1）'], ['后天'])
  for (const id of [seller, boss, 0, 'x', 999_999])
    t.equal((await other.get(`/follow-ups/today?owner_id=${id}`)).status, 404)
  t.equal((await other.get('/follow-ups/today')).page.querySelector('main [name=owner_id]'), null, 'nothing to choose')
  t.equal((await (await by('没有权限')).get('/follow-ups/today')).status, 403)
  const masked = await (await by('看不全')).get(`/follow-ups/today?owner_id=${seller}`)
  t.match(masked.text, '白玲梅')
  t.notMatch(masked.body, '13944012345')
})

t.test('groups of many show the first and lead to all of them', async (t) => {
  for (let at = 0; at < 21; at++)
    await create(admin, { name: `第${at}家今日公司`, owner_id: boss, next_contact_on: today() })
  const { page } = await (await by('主管')).get('/follow-ups/today')
  const section = page.querySelectorAll('main section.group').find((one) => one.text.includes('今天（22）'))
  t.equal(section?.querySelectorAll('tbody tr').length, 20)
  const all = section?.querySelector('p a')?.getAttribute('href')?.replaceAll('&amp;', '&') as string
  t.match((await (await by('主管')).get(all)).page.querySelector('main')?.text, '共 22 条')
})

t.test('what was said is told to who may read it alone, though another role shows the customers', async (t) => {
  const looking = await everyRightWithin(db, '只看客户', { view: 'all', without: ['follow_ups.view'] })
  const talking = await addRole(
    db,
    { ...noRights(), name: '只读自己的记录', module_follow_ups: 'view', range_customers_view: 'own' },
    { actor, reference: await referenceAt(db, await currentRevision(db)) },
  )
  await addPerson(db, '两个角色', [looking, talking])
  const { page } = await (await by('两个角色')).get(`/follow-ups/today?owner_id=${seller}`)
  const line = page.querySelectorAll('main tbody tr').find((row) => row.text.includes('逾期公司'))?.text
  t.match(line, '白玲梅')
  t.notMatch(line, '看过样册')
  t.notMatch(line, '发报价单')
})
