import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { recentlyOpened, writeRecent } from '../../../src/kernel/desk/recent.ts'
import { addMany, create } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
const he = await as('李雷')
await addPerson(db, '看不全', [await everyRightWithin(db, '看不全', { view: 'own', masks: 'phone' })])
await addPerson(db, '没有客户', [])
const idOf = async (name: string) => (await db('users').where({ name }).first('id')).id as number
const day = (days: number) => new Date(Date.parse(today()) + days * 86_400_000).toISOString().slice(0, 10)

const sectionOf = ({ page }: Answer, title: string) =>
  page.querySelectorAll('section.panel').find((one) => one.querySelector('h2')?.text.startsWith(title))
const namesIn = (answer: Answer, title: string) =>
  sectionOf(answer, title)
    ?.querySelectorAll('tbody tr')
    .map((row) => row.querySelector('td')?.text.trim())

t.test('one’s own customers that are due stand on it, the most overdue first, with the number to call', async (t) => {
  const owner_id = await idOf('李雷')
  const registered_on = '2026-01-01'
  const [overdue, due] = await addMany(db, [
    { name: '逾期公司', owner_id, registered_on, next_contact_on: day(-3) },
    { name: '今天公司', owner_id, registered_on, next_contact_on: day(0) },
    { name: '明天公司', owner_id, registered_on, next_contact_on: day(1) },
    { name: '别人公司', owner_id: await idOf('韩梅梅'), registered_on, next_contact_on: day(-9) },
  ])
  await admin.post(`/customers/${overdue}/contacts`, { name: '王芳', mobile: '13800138000', is_main: 'true' })
  const desk = await he.get('/desk')
  t.strictSame(namesIn(desk, '到期和逾期'), ['逾期公司', '今天公司'])
  const row = sectionOf(desk, '到期和逾期')?.querySelector('tbody tr')
  t.match(row?.text.replace(/\s+/g, ' '), /王芳 13800138000/)
  t.equal(row?.querySelector('a.tel')?.getAttribute('href'), 'tel:13800138000')
  t.ok(row?.querySelector('.tone-red'), 'overdue is red')
  t.match(sectionOf(desk, '到期和逾期')?.querySelector('h2')?.text, '（2）')
  await db('customers').where({ id: due }).update({ next_contact_on: null })
  t.strictSame(namesIn(await he.get('/desk'), '到期和逾期'), ['逾期公司'])
  await db('customers')
    .where({ id: overdue })
    .update({ owner_id: await idOf('看不全') })
  const masked = await (await signedIn(app, '看不全')).get('/desk')
  t.strictSame(namesIn(masked, '到期和逾期'), ['逾期公司'])
  t.notMatch(masked.text, '13800138000', 'what is masked is masked here')
})

t.test('what was given to one stands on it as long as it is one’s own', async (t) => {
  const newcomer = await addPerson(db, '新人', [await everyRightWithin(db, '新人', { view: 'own' })])
  const he = await signedIn(app, '新人')
  const id = await create(admin, { name: '移交公司', owner_id: await idOf('韩梅梅') })
  const mine = String(newcomer)
  await admin.post(`/customers/${id}/transfer`, { owner_id: mine, version: '1', reason: '换人' })
  t.strictSame(namesIn(await he.get('/desk'), '新分配'), ['移交公司'])
  t.notOk(namesIn(await admin.get('/desk'), '新分配')?.includes('移交公司'), 'of others nothing')
  const { version } = await db('customers').where({ id }).first('version')
  await admin.post(`/customers/${id}/transfer`, { owner_id: String(await idOf('韩梅梅')), version, reason: '换回' })
  t.notOk(sectionOf(await he.get('/desk'), '新分配'))
  const added = await create(admin, { name: '代录公司', owner_id: newcomer })
  t.strictSame(namesIn(await he.get('/desk'), '新分配'), ['代录公司'], 'what another added for one')
  await create(he, { name: '自录公司', owner_id: newcomer })
  t.strictSame(namesIn(await he.get('/desk'), '新分配'), ['代录公司'], 'not what one added oneself')
  const before = new Date(Date.now() - 15 * 86_400_000).toISOString()
  await db('customers').where({ id: added }).update({ created_at: before })
  t.notOk(sectionOf(await he.get('/desk'), '新分配'), 'nor for ever')
})

t.test('what one opened last, each once, kept over a restart, as far as it is seen', async (t) => {
  const own = await signedIn(app, '看不全')
  const first = await create(admin, { name: '先开公司', owner_id: await idOf('看不全') })
  const second = await create(admin, { name: '后开公司', owner_id: await idOf('看不全') })
  const supplier = await admin.post('/suppliers', { name: '长春钢材厂' })
  for (const path of [`/customers/${first}`, `/customers/${second}`, `/customers/${first}`]) await own.get(path)
  t.strictSame(namesIn(await own.get('/desk'), '最近打开')?.slice(0, 2), ['先开公司', '后开公司'])
  await admin.get(String(supplier.location))
  t.equal(namesIn(await admin.get('/desk'), '最近打开')?.[0], '长春钢材厂', 'records of any module')
  await writeRecent(db)
  const stored = await db('desks')
    .where({ user_id: await idOf('看不全') })
    .first('recent_records')
  t.strictSame(JSON.parse(stored.recent_records), await recentlyOpened(db, await idOf('看不全')))
  await db('customers').where({ id: first }).update({ deleted_at: new Date().toISOString() })
  await db('customers')
    .where({ id: second })
    .update({ owner_id: await idOf('韩梅梅') })
  t.notMatch((await own.get('/desk')).text, /先开公司|后开公司/)
})

t.test('hints are closed for good, who sees no customers has a page, faults are told who looks after it', async (t) => {
  t.ok(sectionOf(await he.get('/desk'), '三个小窍门'))
  t.equal((await he.post('/desk/hints', {})).location, '/desk')
  t.notOk(sectionOf(await he.get('/desk'), '三个小窍门'))
  t.ok(sectionOf(await admin.get('/desk'), '三个小窍门'), 'by each for himself')
  const nobody = await signedIn(app, '没有客户')
  t.equal((await nobody.get('/')).location, '/desk')
  const page = await nobody.get('/desk')
  t.equal(page.status, 200)
  t.notOk(sectionOf(page, '到期和逾期'))
  t.notOk(sectionOf(page, '需要管理员'))
  const told = async () => sectionOf(await admin.get('/desk'), '需要管理员')?.text ?? ''
  t.match(await told(), /备份/, 'no backup was made yet')
  t.notMatch(await told(), /一人/, 'two give roles')
  const { id: administrator } = await db('roles').where({ code: 'administrator' }).first('id')
  await db('role_permissions').where({ permission: 'roles.assign' }).whereNot({ role_id: administrator }).delete()
  await bumpRevision(db)
  await db('users').where({ name: '系统管理员' }).update({ status: 'left' })
  t.match(await told(), /只有 韩梅梅 一人/)
  const finished_at = new Date().toISOString()
  const failed = (title: string, finished_at: string, user_id: number) => {
    const job = { kind: 'backup', title, state: 'failed', payload: '{}', done_count: 0, outcome: '磁盘已满' }
    return db('jobs').insert({ ...job, user_id, created_at: finished_at, finished_at, is_cancel_asked: false })
  }
  const own = await idOf('韩梅梅')
  await failed('自动备份', finished_at, own)
  await failed('很久以前', '2020-01-01T00:00:00.000Z', own)
  t.match(await told(), /自动备份.*磁盘已满/s, 'a job that failed')
  t.notMatch(await told(), /很久以前/, 'lately')
})
