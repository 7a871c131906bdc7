import { existsSync } from 'node:fs'
import t from 'tap'
import { fileFolder, storedPath } from '../../../src/kernel/files/storage.ts'
import { create, fieldsIn, idsIn, totalIn, typed } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { putFile } from '../../fixtures/files.ts'

async function companyOf(t: Parameters<typeof buildTestApp>[0]) {
  const { db, app, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const confirm = async (url: string) => admin.post(url, fieldsIn(await admin.get(url)))
  return { db, app, as, admin, confirm }
}

t.test('a customer goes with its contacts and comes back with them', async (t) => {
  const { db, admin, confirm } = await companyOf(t)
  const id = await create(admin)
  for (const name of ['甲', '乙', '丙']) await admin.post(`/customers/${id}/contacts`, { name, mobile: '13800138000' })
  await confirm(`/customers/${id}/contacts/3/deletion`)
  t.match((await admin.get(`/customers/${id}/deletion`)).text, '2 个联系人将一起移入回收站')
  await confirm(`/customers/${id}/deletion`)
  for (const path of [
    `/customers/${id}`,
    `/customers/${id}/edit`,
    `/customers/${id}/contacts/1`,
    `/customers/${id}/history`,
    `/customers/${id}/print`,
  ])
    t.equal((await admin.get(path)).status, 404, path)
  t.equal(totalIn(await admin.get('/contacts')), 0)
  t.strictSame(idsIn(await admin.get('/customers?q=13800138000')), [])
  const bin = await admin.get('/recycle-bin')
  t.match([totalIn(bin), bin.text], [1, 'KH000001 长春明日科技有限公司 韩梅梅'])
  t.match((await admin.get(`/recycle-bin/customers/${id}/restoration`)).text, '2 个联系人也会恢复')
  await confirm(`/recycle-bin/customers/${id}/restoration`)
  t.strictSame(idsIn(await admin.get('/customers?q=13800138000')), [id])
  t.strictSame(await db('contacts').whereNull('deleted_at').pluck('name'), ['甲', '乙'], 'not what was deleted before')
  t.equal((await admin.get(`/recycle-bin/customers/${id}/restoration`)).status, 404, 'it is not there any more')
})

t.test('a purge removes for good, also the contacts deleted before, and keeps the history', async (t) => {
  const { db, app, admin, confirm } = await companyOf(t)
  const id = await create(admin, { code: 'MR-1' })
  for (const name of ['甲', '乙']) await admin.post(`/customers/${id}/contacts`, { name })
  await confirm(`/customers/${id}/contacts/2/deletion`)
  await confirm(`/customers/${id}/deletion`)
  const file = await putFile(db, id, 'file', { user: 1, dataDir: app.config.dataDir })
  const { storage_name } = await db('files').where({ id: file }).first('storage_name')
  const content = storedPath(fileFolder(app.config.dataDir), storage_name)
  const question = await admin.get(`/recycle-bin/customers/${id}/purge`)
  t.match(question.text, /2 个联系人将被永久删除.*1 个/)
  t.ok(question.page.querySelector('.submit .danger'), 'a button that warns')
  t.equal(question.page.querySelector('.submit a')?.getAttribute('href'), '/recycle-bin')
  t.ok(existsSync(content))
  await confirm(`/recycle-bin/customers/${id}/purge`)
  t.notOk(existsSync(content), 'with the content of its files')
  t.strictSame(await db('files'), [])
  t.strictSame([await db('customers'), await db('contacts')], [[], []])
  t.match(await db('events').where({ record_type: 'customers', record_id: id }).orderBy('id', 'desc').first(), {
    action: 'purge',
    user_name: '韩梅梅',
  })
  t.ok((await create(admin, { code: 'MR-1' })) > 0, 'its code is free again')
})

t.test('contacts that were deleted by themselves', async (t) => {
  const { db, admin, confirm } = await companyOf(t)
  const id = await create(admin)
  for (const name of ['甲', '乙']) await admin.post(`/customers/${id}/contacts`, { name })
  await confirm(`/customers/${id}/contacts/2/deletion`)
  const bin = await admin.get('/recycle-bin/contacts')
  t.match([totalIn(bin), bin.text], [1, '乙 长春明日科技有限公司'])
  t.equal(totalIn(await admin.get('/recycle-bin')), 0)
  await confirm(`/customers/${id}/deletion`)
  t.equal(totalIn(await admin.get('/recycle-bin/contacts')), 0, 'its customer comes first')
  const refused = await admin.get('/recycle-bin/contacts/2/restoration')
  t.match([refused.status, refused.text], [409, '请先恢复客户'])
  t.equal((await admin.post('/recycle-bin/contacts/2/restoration', { version: 2 })).status, 409)
  await confirm(`/recycle-bin/customers/${id}/restoration`)
  await confirm('/recycle-bin/contacts/2/purge')
  t.strictSame(await db('contacts').pluck('name'), ['甲'])
  t.equal((await admin.get('/recycle-bin/contacts/2/purge')).status, 404)
})

t.test('acts on what moved on are refused, and of parallel ones one is done', async (t) => {
  const { db, admin, confirm } = await companyOf(t)
  const id = await create(admin)
  await confirm(`/customers/${id}/deletion`)
  for (const version of ['', 'x', '1', '99'])
    for (const noun of ['restoration', 'purge'])
      t.equal((await admin.post(`/recycle-bin/customers/${id}/${noun}`, { version })).status, 409, `${noun} ${version}`)
  const acts = ['restoration', 'purge', 'restoration', 'purge'].map((noun) =>
    admin.post(`/recycle-bin/customers/${id}/${noun}`, { version: 2 }),
  )
  t.strictSame((await Promise.all(acts)).map(({ status }) => status).sort(), [303, 404, 404, 404])
  const living = await db('customers').whereNull('deleted_at')
  t.equal(totalIn(await admin.get('/customers')), living.length)
  t.equal((await db('customer_search_texts')).length, living.length)
  for (const wrong of ['0', 'x', '1 or 1=1'])
    t.equal((await admin.get(`/recycle-bin/customers/${encodeURIComponent(wrong)}/purge`)).status, 404)
})

t.test('what was deleted last stands first, and each leads to what can be done with it', async (t) => {
  const { db, admin, confirm } = await companyOf(t)
  const days = ['2026-01-04', '2026-03-04', '2026-02-04']
  for (const [at, day] of days.entries()) {
    const id = await create(admin, { name: `第${at}家公司` })
    for (const name of ['甲', '乙']) await admin.post(`/customers/${id}/contacts`, { name: name + at })
    const gone = await db('contacts').where({ customer_id: id }).max({ id: 'id' }).first()
    await confirm(`/customers/${id}/contacts/${gone?.id}/deletion`)
    await db('contacts')
      .where({ id: gone?.id })
      .update({ deleted_at: `${day}T00:00:00.000Z` })
    const other = await create(admin, { name: `删掉的${at}公司` })
    await confirm(`/customers/${other}/deletion`)
    await db('customers')
      .where({ id: other })
      .update({ deleted_at: `${day}T00:00:00.000Z` })
  }
  const shown = async (path: string, column: number) =>
    (await admin.get(path)).page
      .querySelectorAll('#list tbody tr')
      .map((row) => row.querySelectorAll('td')[column]?.text.trim())
  t.strictSame(await shown('/recycle-bin', 1), ['删掉的1公司', '删掉的2公司', '删掉的0公司'])
  t.strictSame(await shown('/recycle-bin?sort=deleted_at', 1), ['删掉的0公司', '删掉的2公司', '删掉的1公司'])
  t.strictSame(await shown('/recycle-bin/contacts', 0), ['乙1', '乙2', '乙0'])
  const { page } = await admin.get('/recycle-bin/contacts')
  const { id } = await db('contacts').where({ name: '乙1' }).first('id')
  const links = page.querySelectorAll('#list tbody tr:first-child a').map((link) => link.getAttribute('href'))
  t.strictSame(links.slice(1), [`/recycle-bin/contacts/${id}/restoration`, `/recycle-bin/contacts/${id}/purge`])
  t.ok(page.querySelector('main .actions a[href="/recycle-bin"]'))
})

t.test('only those with the right restore or purge, and are offered it', async (t) => {
  const { db, as, admin, confirm } = await companyOf(t)
  const id = await create(admin)
  await confirm(`/customers/${id}/deletion`)
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id, permission: 'recycle_bin.view' })
  await db('revisions').increment('number', 1)
  const lilei = await as('李雷')
  const links = async (who: typeof admin) =>
    (await who.get('/recycle-bin')).page.querySelectorAll('#list td a:not(.tel)').length
  t.strictSame([await links(admin), await links(lilei)], [2, 0])
  for (const noun of ['restoration', 'purge']) {
    t.equal((await lilei.get(`/recycle-bin/customers/${id}/${noun}`)).status, 403)
    t.equal((await lilei.post(`/recycle-bin/customers/${id}/${noun}`, { version: 2 })).status, 403)
  }
  t.equal((await lilei.post(`/customers/${id}`, typed({ version: 2 }))).status, 404)
})
