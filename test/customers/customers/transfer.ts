import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { addMany } from './fixtures/customers.ts'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  const [han, li, wang] = [await idOf('韩梅梅'), await idOf('李雷'), await idOf('王芳')]
  const ids = await addMany(
    made.db,
    ['甲公司', '乙公司', '丙公司'].map((name) => ({ name, owner_id: han })),
  )
  return { ...made, admin: await made.as('韩梅梅'), han, li, wang, ids: ids as [number, number, number] }
}

t.test('one customer is given to somebody else, with the reason in its history', async (t) => {
  const { db, admin, li, han, wang, ids } = await world(t)
  const [id] = ids
  const path = `/customers/${id}/transfer`
  t.match((await admin.get(`/customers/${id}`)).page.querySelector(`main a[href="${path}"]`)?.text, '移交')
  t.equal((await admin.get(path)).status, 200)
  await db('users').where({ id: wang }).update({ status: 'left' })
  await bumpRevision(db)
  const bad: [Record<string, string | number>, RegExp][] = [
    [{ owner_id: '' }, /请填写接收人/],
    [{ owner_id: 'x' }, /请从列表中选择/],
    [{ owner_id: wang }, /已离职/],
    [{ owner_id: han }, /已经由 韩梅梅 负责/],
  ]
  for (const [form, sentence] of bad) {
    const answer = await admin.post(path, { version: 1, reason: '调整区域', ...form })
    t.equal(answer.status, 422)
    t.match(answer.page.querySelector('#transfer-owner_id-error')?.text, sentence)
    t.equal(answer.page.querySelector('#transfer-reason')?.getAttribute('value'), '调整区域')
  }
  const moved = await admin.post(path, { version: 1, owner_id: li, reason: '调整区域' })
  t.equal(moved.location, `/customers/${id}`)
  t.equal((await db('customers').where({ id }).first()).owner_id, li)
  t.match((await admin.get(`/customers/${id}/history`)).text, /移交.*韩梅梅.*李雷.*调整区域/)
  t.equal((await admin.post(path, { version: 1, owner_id: han })).status, 409, 'it changed meanwhile')
  t.equal((await admin.get('/customers/2147483647/transfer')).status, 404)
})

t.test('who does not see it any more comes back to the list', async (t) => {
  const { app, db, li } = await world(t)
  const giver = await addPerson(db, '孙平', [await everyRightWithin(db, '自己的', { view: 'own', change: 'own' })])
  const [id] = await addMany(db, [{ name: '丁公司', owner_id: giver }])
  const one = await signedIn(app, '孙平')
  const moved = await one.post(`/customers/${id}/transfer`, { version: 1, owner_id: li })
  t.equal(moved.location, '/customers')
  t.match((await one.get('/customers')).page.querySelector('#flash')?.text, '李雷')
})

t.test('a selection goes at once; what others changed meanwhile is skipped', async (t) => {
  const { db, as, admin, li, ids } = await world(t)
  const { location } = await admin.post('/customers/selections', {
    query: '',
    scope: 'rows',
    ids: ids.map(String),
    act: 'transfer',
  })
  t.match(location, /^\/customers\/selections\/\d+\/transfer$/)
  t.match((await admin.get(location as string)).text, /移交 3 个客户/)
  t.equal((await admin.post(location as string, { owner_id: '' })).status, 422)
  await db('customers').where({ id: ids[2] }).update({ version: 2 })
  const done = await admin.post(location as string, { owner_id: li, reason: '调整' })
  t.match((await admin.get(done.location as string)).text, /移交给李雷：完成 2 个客户，1 个已被他人修改/)
  t.same(await db('customers').where({ owner_id: li }).orderBy('id').pluck('id'), ids.slice(0, 2))
  t.equal((await db('events').where({ action: 'transfer' })).length, 2)
  const he = await as('李雷')
  t.equal((await he.get(location as string)).status, 403)
  t.equal((await he.get(`/customers/${ids[0]}/transfer`)).status, 403)
})
