import t from 'tap'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addMany, create, errorAt, fieldsIn, idsIn, totalIn, typed } from '../customers/fixtures/customers.ts'

async function companyOf(t: Parameters<typeof buildTestApp>[0], names: string[] = []) {
  const company = await buildTestApp(t)
  const admin = await company.as('韩梅梅')
  for (const name of names) await admin.post('/tags', { name })
  return { ...company, admin, user: await company.as('李雷') }
}

const marks = ({ page }: Answer) => page.querySelectorAll('.head .tag').map((mark) => mark.text.trim())
const rowsIn = ({ page }: Answer) =>
  page.querySelectorAll('#list tbody tr').map((row) =>
    row
      .querySelectorAll('td')
      .slice(0, 2)
      .map((cell) => cell.text.trim()),
  )
const taggedIn = async (browser: Browser, id: number, more = '') => {
  const answer = await browser.get(`/customers?tag_id=${id}${more}`)
  t.equal(totalIn(answer), idsIn(answer).length, 'the total is right')
  return idsIn(answer).sort()
}

t.test('tags are made, changed and kept apart by name', async (t) => {
  const { admin, db } = await companyOf(t)
  t.equal((await admin.post('/tags', { name: '重点客户', tone: 'red' })).status, 303)
  t.equal((await admin.post('/tags', { name: '展会' })).status, 303)
  for (const name of ['', '  ', '重点客户', ' 重点客户 ', 'x'.repeat(21), ','])
    t.equal((await admin.post('/tags', { name })).status, 422, name)
  t.equal((await admin.post('/tags', { name: '甲', tone: 'none' })).status, 422)
  t.equal((await admin.post('/tags', { name: '<b>&"\'', tone: '' })).status, 303)
  t.strictSame(
    rowsIn(await admin.get('/tags')).map(([name]) => name),
    ['<b>&"\'', '展会', '重点客户'],
  )
  t.notMatch((await admin.get('/tags')).body, '<b>')
  const edit = fieldsIn(await admin.get('/tags/1/edit'))
  t.equal((await admin.post('/tags/1', { ...edit, name: '展会' })).status, 422)
  t.equal((await admin.post('/tags/1', { ...edit, name: '大客户' })).status, 303)
  t.equal((await admin.post('/tags/1', { ...edit, name: '小客户' })).status, 409)
  t.match((await admin.get('/tags/1/edit')).text, /标签名称: 重点客户 → 大客户/)
  t.equal((await db('tags').where({ id: 1 }).first()).name_key, '大客户')
  t.equal((await admin.get('/tags/99/edit')).status, 404)
  const twice = { name: '只一次', form_id: 'form-12345678' }
  await Promise.all([admin.post('/tags', twice), admin.post('/tags', twice)])
  t.equal(rowsIn(await admin.get('/tags?q=只一次')).length, 1)
})

t.test('a customer carries tags on form, card, list and history', async (t) => {
  const { admin, db } = await companyOf(t, ['重点', '展会', '老客户'])
  const both = await admin.post('/customers', { ...typed(), tag_ids: ['2', '1', '1', '99', 'x'] })
  t.equal(both.status, 303)
  t.strictSame(marks(await admin.get('/customers/1')).sort(), ['展会', '重点'])
  const form = await admin.get('/customers/1/edit')
  const ticked = form.page.querySelectorAll('input[name=tag_ids][checked]').map((box) => box.getAttribute('value'))
  t.strictSame(ticked.sort(), ['1', '2'])
  const other = await create(admin, { name: '吉林石化', tag_ids: '1' })
  await create(admin, { name: '无标签公司' })
  t.strictSame(await taggedIn(admin, 1), [1, other])
  t.strictSame(await taggedIn(admin, 2), [1])
  t.strictSame(await taggedIn(admin, 3), [])
  t.strictSame(await taggedIn(admin, 1, '&sort=-name'), [1, other])
  t.strictSame(await taggedIn(admin, 1, '&q=石化'), [other])
  t.strictSame(await taggedIn(admin, 1, '&q=jlsh'), [other], 'by initials')
  t.strictSame(await taggedIn(admin, 1, '&q=jilinshi'), [other], 'by pinyin')
  t.strictSame(await taggedIn(admin, 1, '&kind=company&owner_id=2'), [1, other])
  t.strictSame(await taggedIn(admin, 1, '&registered_on_from=2027-01-01'), [])
  t.strictSame(rowsIn(await admin.get('/tags')), [
    ['老客户', '0'],
    ['展会', '1'],
    ['重点', '2'],
  ])
  const { new_tags: _, ...stored } = fieldsIn(form)
  const before = (await db('customers').where({ id: 1 }).first()).version
  await admin.post('/customers/1', { ...stored, tag_ids: ['2', '1'] })
  t.equal((await db('customers').where({ id: 1 }).first()).version, before, 'the same tags are no change')
  await admin.post('/customers/1', { ...stored, tag_ids: ['3'] })
  t.strictSame(marks(await admin.get('/customers/1')), ['老客户'])
  t.match((await admin.get('/customers/1/history')).text, /标签: (展会、重点|重点、展会) → 老客户/)
  t.strictSame(await taggedIn(admin, 1), [other])
  t.strictSame(await taggedIn(admin, 3), [1])
  const again = fieldsIn(await admin.get('/customers/1/edit'))
  t.equal((await admin.post('/customers/1', { ...again, tag_ids: [] })).status, 303)
  t.strictSame(marks(await admin.get('/customers/1')), [])
})

t.test('new tags are typed into the form by those who may make them', async (t) => {
  const { admin, user, db, as } = await companyOf(t, ['展会'])
  const typedTags = { ...typed(), new_tags: '展会，新 老、VIP; vip\u3001 ，' }
  t.equal((await admin.post('/customers', typedTags)).status, 303)
  t.strictSame(marks(await admin.get('/customers/1')).sort(), ['VIP', '展会', '新 老'])
  t.equal((await db('tags').select()).length, 3)
  t.match((await admin.get('/tags/2/edit')).text, /新增/)
  const edit = fieldsIn(await admin.get('/customers/1/edit'))
  await admin.post('/customers/1', { ...edit, tag_ids: ['1'], new_tags: '<i>新</i>' })
  t.match((await admin.get('/customers/1/history')).text, /→ <i>新<\/i>、展会/)
  const wrong = await admin.post('/customers', { ...typed(), new_tags: `好,${'长'.repeat(21)}` })
  t.equal(wrong.status, 422)
  t.match(errorAt(wrong, 'new_tags'), /超过 20 个字/)
  t.equal((await admin.post('/customers', { ...typed(), new_tags: '一,二,三,四,五,六,七,八,九,十,十一' })).status, 422)
  t.equal((await admin.post('/customers', { ...typed(), code: 'KH000001', new_tags: '不应留下' })).status, 422)
  t.notOk(await db('tags').where({ name: '不应留下' }).first(), 'no tag of a customer that was refused')
  t.notOk((await user.get('/customers/1/edit')).page.querySelector('[name=new_tags]'))
  const plain = fieldsIn(await user.get('/customers/1/edit'))
  t.equal((await user.post('/customers/1', { ...plain, tag_ids: ['1'], new_tags: '偷偷' })).status, 303)
  t.notOk(await db('tags').where({ name: '偷偷' }).first())
  t.strictSame(marks(await admin.get('/customers/1')), ['展会'])
  const others = await as('韩梅梅')
  const now = { ...typed(), new_tags: '同时' }
  await Promise.all([admin.post('/customers', now), others.post('/customers', now)])
  t.equal((await db('tags').where({ name: '同时' })).length, 1)
})

t.test('the second of two savers is asked about tags too', async (t) => {
  const { admin } = await companyOf(t, ['甲', '乙'])
  const id = await create(admin)
  const form = fieldsIn(await admin.get(`/customers/${id}/edit`))
  await admin.post(`/customers/${id}`, { ...form, tag_ids: ['1'] })
  const asked = await admin.post(`/customers/${id}`, { ...form, tag_ids: ['2'], new_tags: '丙' })
  t.equal(asked.status, 409)
  t.match(asked.text, /标签.*甲.*乙/)
  const { keep_tag_ids: _, ...kept } = fieldsIn(asked)
  t.equal((await admin.post(`/customers/${id}`, { ...kept, keep_tag_ids: 'yours' })).status, 303)
  t.strictSame(marks(await admin.get(`/customers/${id}`)).sort(), ['丙', '乙'])
})

t.test('deletion says from how many customers, and takes the tag from all', async (t) => {
  const { admin, db } = await companyOf(t, ['甲', '乙'])
  const [first, second] = await addMany(db, [
    { name: '长春一公司', tag_ids: '1,2' },
    { name: '长春二公司', tag_ids: '1' },
  ])
  const binned = fieldsIn(await admin.get(`/customers/${second}/deletion`))
  await admin.post(`/customers/${second}/deletion`, binned)
  t.strictSame(await taggedIn(admin, 1), [first], 'not those in the recycle bin')
  const question = await admin.get('/tags/1/deletion')
  t.match(question.text, /1 个客户将失去此标签.*回收站中的 1 个客户/)
  t.equal((await admin.post('/tags/1/deletion', { version: '9' })).status, 409)
  t.equal((await admin.post('/tags/1/deletion', fieldsIn(question))).status, 303)
  t.strictSame(marks(await admin.get(`/customers/${first}`)), ['乙'])
  t.strictSame(await taggedIn(admin, 2), [first])
  t.equal((await admin.get('/customers?tag_id=1')).status, 422, 'what asks for a tag that is gone is told so')
  t.equal((await admin.post('/tags/1/deletion', fieldsIn(question))).status, 404)
  t.strictSame(await db('customer_tags').select('customer_id', 'tag_id'), [{ customer_id: first, tag_id: 2 }])
  t.strictSame(await db('tallies').where('name', 'like', 'tag_id:%').pluck('name'), ['tag_id:2'])
  const stale = { ...fieldsIn(await admin.get(`/customers/${first}/edit`)), tag_ids: ['1', '2'] }
  t.equal((await admin.post(`/customers/${first}`, stale)).status, 303, 'a form from before the deletion')
})

t.test('a tag that is deleted while somebody saves is left out', async (t) => {
  const { db } = await companyOf(t, ['还在'])
  const ids = await addMany(db, [
    { name: '甲公司', tag_ids: '1,999999' },
    { name: '乙公司', tag_ids: '999999' },
  ])
  t.strictSame(await db('customer_tags').whereIn('customer_id', ids).select('customer_id', 'tag_id'), [
    { customer_id: ids[0], tag_id: 1 },
  ])
})

t.test('the recycle bin brings tags back, and takes them along for good', async (t) => {
  const { admin, db } = await companyOf(t, ['甲'])
  const id = await create(admin, { tag_ids: '1' })
  const go = async (address: string) => admin.post(address, fieldsIn(await admin.get(address)))
  await go(`/customers/${id}/deletion`)
  t.strictSame(await taggedIn(admin, 1), [])
  await go(`/recycle-bin/customers/${id}/restoration`)
  t.strictSame(await taggedIn(admin, 1), [id])
  t.strictSame(await taggedIn(admin, 1, '&q=明日'), [id])
  await go(`/customers/${id}/deletion`)
  t.equal((await go(`/recycle-bin/customers/${id}/purge`)).status, 303)
  t.strictSame(await db('customer_tags').select(), [])
  t.equal((await db('tallies').where({ name: 'tag_id:1' }).first()).row_count, 0)
})

t.test('many customers with one tag are found in every order and on every page', async (t) => {
  const { admin, db } = await companyOf(t, ['甲', '乙'])
  await addMany(
    db,
    Array.from({ length: 6_000 }, (_, at) => ({ name: `长春${at}号公司`, tag_ids: at % 10 ? '1' : '1,2' })),
  )
  for (const query of ['', '&sort=name', '&sort=-code&q=长春', '&kind=company'])
    for (const [tag, total] of [
      [1, 6_000],
      [2, 600],
    ]) {
      const answer = await admin.get(`/customers?tag_id=${tag}&per=100&page=6${query}`)
      t.equal(totalIn(answer), total, `${tag} ${query}`)
      t.equal(new Set(idsIn(answer)).size, 100)
    }
})

t.test('tags are managed by those with the right alone', async (t) => {
  const { admin, user, db } = await companyOf(t, ['甲'])
  for (const path of ['/tags', '/tags/new', '/tags/1/edit', '/tags/1/deletion'])
    t.equal((await user.get(path)).status, 403, path)
  for (const path of ['/tags', '/tags/1', '/tags/1/deletion'])
    t.equal((await user.post(path, { name: '乙', version: '1' })).status, 403, path)
  t.equal((await db('tags').select()).length, 1)
  const id = await create(admin, { tag_ids: '1' })
  t.strictSame(marks(await user.get(`/customers/${id}`)), ['甲'], 'but everyone sees what a customer carries')
})
