import type { Knex } from 'knex'
import t from 'tap'
import { up as fillKeys } from '../../../migrations/20261123103100_fill_customer_keys.ts'
import { findCustomer } from '../../../src/customers/customers/customer.ts'
import { customers } from '../../../src/customers/customers/customers.ts'
import { duplicateGroups, groupKinds } from '../../../src/customers/duplicates/groups.ts'
import { removeRecord } from '../../../src/kernel/modules/records.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addDemoCustomers } from '../../fixtures/customers.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { actor, addMany } from '../customers/fixtures/customers.ts'

const headings = ({ page }: Answer) => page.querySelectorAll('main h2').map((heading) => heading.text.trim())

async function bin(db: Knex, ...ids: number[]) {
  for (const id of ids) await removeRecord(db, customers, await findCustomer(db, everybody, id), actor)
}

t.test('customers that share a name, a phone or a tax number', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  t.match((await admin.get('/duplicates')).text, /没有发现重复的客户/)
  await addMany(db, [
    { name: '甲(长春)公司', phone: '0431-84978981' },
    { name: '甲（长春）公司', credit_code: '914403001922038216' },
    { name: '甲长春有限公司', mobile: '84978981', credit_code: '914403001922038216' },
    { name: '甲长春分公司' },
    { name: '丁公司' },
    { name: '丁公司' },
  ])
  const exact = await admin.get('/duplicates?kind=exact')
  t.strictSame(headings(exact), ['丁公司 · 2 个客户', '甲(长春)公司 · 2 个客户'])
  t.strictSame(
    exact.page.querySelectorAll('main td a:not(.tel)').map((link) => link.getAttribute('href')),
    ['/customers/5', '/customers/6', '/customers/1', '/customers/2'],
  )
  t.strictSame(headings(await admin.get('/duplicates?kind=safe')), ['甲长春 · 3 个客户'], 'each pair once')
  t.strictSame(headings(await admin.get('/duplicates?kind=phone')), ['0431-84978981 · 2 个客户'], 'as it is read')
  const credit = await admin.get('/duplicates')
  t.strictSame(headings(credit), ['9144 0300 1922 0382 16 · 2 个客户'], 'it opens where there are pairs')
  t.match(credit.page.querySelector('.group .soft')?.text, '税号相同、名称几乎相同', 'with all that they share')
  t.strictSame(
    credit.page.querySelectorAll('.tabs .count').map((count) => count.text),
    ['1', '2', '1', '1'],
  )
  t.strictSame(headings(await admin.get('/duplicates?kind=weak')), headings(credit), 'no other kind')

  await bin(db, 6)
  const left = await admin.get('/duplicates?kind=exact')
  t.strictSame(headings(left), ['甲(长春)公司 · 2 个客户'], 'one alone is no group')
})

t.test('what is said to be others is listed no more, for anybody, until that is taken back', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await addMany(db, [{ name: '丁公司' }, { name: '丁公司' }, { name: '丙公司' }, { name: '丙公司' }])
  const address = (answer: Answer, at = 0) =>
    answer.page.querySelectorAll('main .group form')[at]?.getAttribute('action') ?? ''
  const before = await admin.get('/duplicates')
  t.strictSame(headings(before), ['丁公司 · 2 个客户', '丙公司 · 2 个客户'].toSorted())
  const dismissal = address(before, headings(before).indexOf('丁公司 · 2 个客户'))
  t.equal((await admin.post(dismissal, {})).location, '/duplicates')
  t.match(await db('duplicate_dismissals'), [{ customer_id: 1, other_id: 2 }])
  t.equal((await admin.post(dismissal, {})).status, 303, 'pressed twice')
  const after = await admin.get('/duplicates')
  t.strictSame(headings(after), ['丙公司 · 2 个客户'])
  await addMany(db, [{ name: '丁公司' }])
  t.match((await admin.get('/duplicates')).text, '丁公司 · 3 个客户', 'another one is asked about')
  await db('customers')
    .where({ id: 5 })
    .delete()
    .catch(() => db('customers').where({ id: 5 }).update({ deleted_at: 'x' }))
  const undo = after.page.querySelectorAll('#flash form').at(-1)?.getAttribute('action') ?? ''
  await admin.post(undo.replaceAll('&amp;', '&'), { version: '1' })
  t.match((await admin.get('/duplicates')).text, '丁公司 · 2 个客户')
  const role = await everyRightWithin(db, '看自己', { view: 'own' })
  await addPerson(db, '看自己', [role])
  const own = await signedIn(app, '看自己')
  t.equal((await own.post(dismissal, {})).status, 404, 'of customers one does not see nothing is said')
  await addPerson(db, '只看', [await everyRightWithin(db, '只看', { view: 'all', without: ['customers.update'] })])
  const looker = await signedIn(app, '只看')
  t.equal(address(await looker.get('/duplicates')), '')
  t.equal((await looker.post(dismissal, {})).status, 403)
  for (const ids of ['', '1', '1,x', Array.from({ length: 40 }, (_, at) => at + 1).join()])
    t.equal((await admin.post(`/duplicates/dismissals?ids=${ids}`, {})).status, 422, ids)
  t.equal((await admin.post('/duplicates/dismissals?ids=1,999', {})).status, 404)
})

t.test('page by page to the end, each group once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const names = Array.from({ length: 45 }, (_, at) => `第${String(at).padStart(2, '0')}家`)
  await addMany(
    db,
    [...names, ...names, '独一家'].map((name) => ({ name })),
  )
  const seen: string[] = []
  let address: string | undefined = '/duplicates'
  const sizes: number[] = []
  for (; address; ) {
    const answer: Answer = await admin.get(address)
    seen.push(...headings(answer))
    sizes.push(headings(answer).length)
    t.equal(
      Boolean(answer.page.querySelector('.actions a:not([rel=next])[href^="/duplicates"]')),
      address !== '/duplicates',
    )
    address = answer.page.querySelector('a[rel=next]')?.getAttribute('href')?.replaceAll('&amp;', '&')
  }
  t.strictSame(sizes, [20, 20, 5])
  t.equal(new Set(seen).size, 45)
})

t.test('a large group shows its first members, and groups in the recycle bin are passed over', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await addMany(
    db,
    Array.from({ length: 25 }, () => ({ name: '丁公司' })),
  )
  const large = await admin.get('/duplicates')
  t.equal(large.page.querySelectorAll('main tbody tr').length, 20)
  t.match(large.text, /丁公司 · 25 个客户.*只列出前 20 个/)

  const gone = Array.from({ length: 210 }, (_, at) => `一${String(at).padStart(3, '0')}`)
  await addMany(
    db,
    [...gone, ...gone].map((name) => ({ name })),
  )
  await db('customers')
    .where('name', '>=', '一')
    .where('name', '<', '丁')
    .update({ deleted_at: new Date().toISOString() })
  const first = await duplicateGroups(db, { viewer: everybody, kinds: groupKinds, kind: 'exact', after: '', size: 20 })
  t.equal(first.groups.length, 0)
  t.equal(first.next, '一199', 'it stops after some hundred groups and can be gone on with')
  const second = await duplicateGroups(db, {
    viewer: everybody,
    kinds: groupKinds,
    kind: 'exact',
    after: first.next as string,
    size: 20,
  })
  t.strictSame([second.groups.length, second.next], [1, null])
  t.match((await admin.get('/duplicates?kind=exact')).text, /请看下一页/)
})

t.test('an update of the program gives the customers that are there the keys they would get now', async (t) => {
  const { db } = await buildTestApp(t)
  await addDemoCustomers(db, 60)
  await bin(db, 5, 6)
  const keys = () => db('customer_keys').orderBy(['kind', 'value_key', 'customer_id'])
  const before = await keys()
  t.ok(before.length > 200)
  await db('customer_keys').delete()
  await fillKeys(db)
  t.strictSame(await keys(), before)
})
