import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { linksIn, storedNames, upload } from './fixtures/upload.ts'

const { app, db, as } = await buildTestApp(t)
const [admin, lilei] = [await as('韩梅梅'), await as('李雷')]
const id = await create(admin)
const path = `/customers/${id}/files`
const last = () => db('files').orderBy('id', 'desc').first()

t.test('a file is uploaded, listed, counted, given back as it was, and in the history', async (t) => {
  t.match(await lilei.get(path), { status: 200, text: /还没有上传/ })
  const content = Buffer.from('%PDF-1.7 合同')
  const answer = await upload(lilei, path, content, '购销合同 (2026).pdf')
  t.match(answer, { status: 303, location: path })
  const tab = await lilei.get(path)
  t.match(tab.text, /已上传「购销合同 \(2026\).pdf」.*购销合同 \(2026\).pdf 15 B 李雷/)
  t.equal(tab.page.querySelector('nav.tabs a[aria-current] .count')?.text, '1')
  const row = await last()
  t.match(row, { kind: 'file', name: '购销合同 (2026).pdf', size_bytes: content.length, record_id: id, user_id: 3 })
  t.match(row.sha256, /^[0-9a-f]{64}$/)
  t.strictSame(
    await readFile(join(app.config.dataDir, 'files', row.storage_name.slice(0, 2), row.storage_name)),
    content,
  )
  t.strictSame((await lilei.get(`${path}/${row.id}`)).raw, content)
  t.match((await lilei.get(`/customers/${id}/history`)).text, /李雷 上传 .*附件: （空） → 购销合同/)
  await addPerson(db, '不看附件', [await everyRightWithin(db, '不看附件', { view: 'all', without: ['files.view'] })])
  const without = await signedIn(app, '不看附件')
  for (const tab of ['', '/history'])
    t.notMatch((await without.get(`/customers/${id}${tab}`)).text, '购销合同', 'nor are files named to who sees none')
})

t.test('it is given back so that nothing in it runs', async (t) => {
  await upload(lilei, path, '<script>alert(1)</script>', "说明'*.html")
  const { headers, status } = await lilei.get(`${path}/${(await last()).id}`)
  t.equal(status, 200)
  t.match(headers, {
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
    'content-length': '25',
    'content-disposition': `attachment; filename="file.html"; filename*=UTF-8''${encodeURIComponent('说明')}%27_.html`,
  })
})

t.test('names lead nowhere', async (t) => {
  const names: [string, string][] = [
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\C:\\合同.pdf.txt', '合同.pdf.txt'],
    ['...', '未命名'],
    ['.htaccess', 'htaccess'],
    ['甲\u202Egnp.txt', '甲gnp.txt'],
    ['甲\u0000\u0007乙.txt', '甲乙.txt'],
    [`${'长'.repeat(300)}.docx.txt`, `${'长'.repeat(196)}.txt`],
  ]
  for (const [given, shown] of names) {
    t.match(await upload(lilei, path, 'x', given), { status: 303 }, given)
    const { name, storage_name } = await last()
    t.equal(name, shown)
    t.match(storage_name, /^[0-9a-f]{32}$/)
  }
})

t.test('a form sent twice makes one file', async (t) => {
  const before = (await db('files')).length
  for (const _ of [1, 2])
    t.match(await upload(lilei, path, 'x', '甲.txt', 'form-12345678'), { status: 303, location: path })
  t.equal((await db('files')).length, before + 1)
  t.equal(storedNames(app).length, before + 1)
})

t.test('deleted after a page that asks; the content stays until the customer goes for good', async (t) => {
  await upload(admin, path, 'x', '旧合同.txt')
  const file = await last()
  t.ok(linksIn(await admin.get(path)).includes(`${path}/${file.id}/deletion`))
  t.match(await admin.get(`${path}/${file.id}/deletion`), { status: 200, text: /确定删除.*附件「旧合同.txt」/ })
  t.equal((await admin.post(`${path}/${file.id}/deletion`, { version: 7 })).status, 409)
  t.match(await admin.post(`${path}/${file.id}/deletion`, { version: 1 }), { status: 303, location: path })
  t.match((await admin.get(path)).text, /已删除「旧合同.txt」/)
  for (const end of ['', '/deletion']) t.equal((await admin.get(`${path}/${file.id}${end}`)).status, 404)
  t.equal((await admin.post(`${path}/${file.id}/deletion`, { version: 2 })).status, 404)
  t.ok(storedNames(app).includes(file.storage_name))
  t.match((await admin.get(`/customers/${id}/history`)).text, /韩梅梅 删除附件 .*附件: 旧合同.txt → （空）/)
})

t.test('content that is gone says so', async (t) => {
  await upload(admin, path, 'x', '甲.txt')
  const file = await last()
  await db('files').where({ id: file.id }).update({ storage_name: 'ff' })
  t.match(await admin.get(`${path}/${file.id}`), { status: 404, text: /文件的内容已不在服务器上/ })
  await writeFile(join(app.config.dataDir, 'files', 'no'), 'no folder')
  await db('files').where({ id: file.id }).update({ storage_name: 'none' })
  t.equal((await admin.get(`${path}/${file.id}`)).status, 500, 'a fault of the disk is not told as that')
  await rm(join(app.config.dataDir, 'files', 'no'))
})

t.test('who may look but not upload sees what there is, and no empty section', async (t) => {
  await upload(admin, path, 'x', '可看.txt')
  const role = await everyRightWithin(db, '只看附件', {
    view: 'all',
    without: ['files.create', 'business_cards.create'],
  })
  await addPerson(db, '周看', [role])
  const one = await signedIn(app, '周看')
  const tab = await one.get(path)
  t.match(tab.text, '可看.txt')
  t.notOk(tab.page.querySelector('#upload-file'))
  const titles = tab.page.querySelectorAll('main section h2').map((heading) => heading.text.trim())
  t.strictSame(titles, ['基本资料', '附件'])
})

t.test('with its customer it goes into the recycle bin, comes back, and goes for good with its content', async (t) => {
  const gone = await create(admin, { name: '四平乙有限公司', kind: 'person' })
  await upload(admin, `/customers/${gone}/files`, 'x', '甲.txt')
  const file = await last()
  const address = `/customers/${gone}/files/${file.id}`
  await admin.post(`/customers/${gone}/deletion`, { version: 1 })
  for (const url of [address, `/customers/${gone}/files`, `${address}/deletion`])
    t.equal((await admin.get(url)).status, 404, url)
  t.equal((await upload(admin, `/customers/${gone}/files`, 'x', '乙.txt')).status, 404)
  await admin.post(`/recycle-bin/customers/${gone}/restoration`, { version: 2 })
  t.equal((await admin.get(address)).status, 200)
  await admin.post(`/customers/${gone}/deletion`, { version: 3 })
  t.match((await admin.get(`/recycle-bin/customers/${gone}/purge`)).text, /1 个附件和照片也一并彻底删除/)
  t.ok(storedNames(app).includes(file.storage_name))
  t.equal((await admin.post(`/recycle-bin/customers/${gone}/purge`, { version: 4 })).status, 303)
  t.notOk(storedNames(app).includes(file.storage_name))
  t.strictSame(await db('files').where({ record_id: gone }), [])
})
