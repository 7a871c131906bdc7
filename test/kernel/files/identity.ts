import t from 'tap'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { errorAt, linksIn, photo, storedNames, upload } from './fixtures/upload.ts'

const { app, db, as, anyone } = await buildTestApp(t)
const [admin, lilei, nobody] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]
const id = await create(admin, { name: '单冰', kind: 'person' })
const other = await create(admin, { name: '申野', kind: 'person' })
const tab = `/customers/${id}/files`
const papers = `/customers/${id}/identity-pictures`

await upload(admin, papers, await photo(), '身份证正面.jpg')
await upload(admin, tab, 'x', '甲.txt')
await upload(admin, `/customers/${id}/pictures`, await photo(), '照片.jpg')
const [paper, file, portrait] = await db('files').orderBy('id').pluck('id')

t.test('who may sees papers, and each look at one is noted', async (t) => {
  const page = await admin.get(tab)
  t.ok(linksIn(page).includes(`${papers}/${paper}`))
  t.equal(page.page.querySelector('nav.tabs a[aria-current] .count')?.text, '3')
  const views = () =>
    db('events').where({ action: 'view' }).select('user_name', 'record_type', 'record_id', 'record_name')
  t.equal((await admin.get(`${papers}/${paper}/thumbnail`)).status, 200)
  t.strictSame(await views(), [])
  t.match(await admin.get(`${papers}/${paper}`), { status: 200, headers: { 'content-type': 'image/jpeg' } })
  t.strictSame(await views(), [
    { user_name: '韩梅梅', record_type: 'files', record_id: paper, record_name: '单冰（证件照片）' },
  ])
})

t.test('who may not finds no trace of them', async (t) => {
  const page = await lilei.get(tab)
  t.notMatch(page.body, /identity|证件照片|身份证/)
  t.equal(page.page.querySelector('nav.tabs a[aria-current] .count')?.text, '2')
  t.equal((await lilei.get(`${papers}/${paper}`)).status, 403)
  t.equal((await lilei.get(`${papers}/${paper}/thumbnail`)).status, 403)
  t.equal((await lilei.get(`${papers}/${paper}/deletion`)).status, 403)
  t.equal((await upload(lilei, papers, await photo(), 'a.jpg')).status, 403)
  for (const noun of ['files', 'pictures'])
    for (const end of ['', '/deletion'])
      t.equal((await admin.get(`/customers/${id}/${noun}/${paper}${end}`)).status, 404, 'not as another kind either')
  t.equal((await lilei.get(`/customers/${id}/pictures/${paper}/thumbnail`)).status, 404)
  const history = await lilei.get(`/customers/${id}/history`)
  t.match(history.text, `证件照片: （空） → 编号 ${paper}`)
  t.notMatch(history.text, '身份证正面')
  const stored = storedNames(app).length
  t.equal((await upload(lilei, papers, await photo(), 'a.jpg')).status, 403)
  t.equal(storedNames(app).length, stored)
})

t.test('business cards are of companies too, for those with the right, and each look is noted', async (t) => {
  const company = await create(admin, { name: '长春名片公司' })
  const cards = `/customers/${company}/business-cards`
  t.equal((await upload(admin, cards, await photo(), '王小科.jpg')).status, 303)
  const card = (await db('files').where({ kind: 'card' }).first('id')).id
  t.match(await admin.get(`${cards}/${card}`), { status: 200, headers: { 'content-type': 'image/jpeg' } })
  t.match(await db('events').where({ action: 'view', record_id: card }), [
    { user_name: '韩梅梅', record_name: '长春名片公司（名片）' },
  ])
  for (const path of [`${cards}/${card}`, `${cards}/${card}/thumbnail`, `${cards}/${card}/deletion`])
    t.equal((await lilei.get(path)).status, 403, path)
  t.equal((await upload(lilei, cards, await photo(), 'a.jpg')).status, 403)
  t.notMatch((await lilei.get(`/customers/${company}/files`)).body, /business-cards|名片</)
  t.equal((await lilei.get(`/customers/${company}`)).page.querySelector('nav.tabs .count')?.text, '0')
  t.notMatch((await lilei.get(`/customers/${company}/history`)).text, '王小科')
  t.equal((await upload(admin, cards, '<script>alert(1)</script>', 'a.jpg')).status, 422)
  t.equal((await upload(admin, `/customers/${company}/identity-pictures`, await photo(), 'a.jpg')).status, 422)
})

t.test('a plain user looks and uploads, and is offered no more', async (t) => {
  const page = await lilei.get(tab)
  t.strictSame(
    linksIn(page).filter((href) => /deletion/.test(href)),
    [],
  )
  t.ok(linksIn(page).includes(`${tab}/${file}`))
  t.strictSame(
    page.page.querySelectorAll('main form:not(.undo)').map((form) => form.getAttribute('action')),
    [tab, `/customers/${id}/pictures`],
  )
  for (const url of [`${tab}/${file}/deletion`, `/customers/${id}/pictures/${portrait}/deletion`]) {
    t.equal((await lilei.get(url)).status, 403)
    t.equal((await lilei.post(url, { version: 1 })).status, 403)
  }
})

t.test('who has no right, and who is not signed in', async (t) => {
  for (const url of [tab, `${tab}/${file}`, `/customers/${id}/pictures/${portrait}/thumbnail`]) {
    t.equal((await nobody.get(url)).status, 403, url)
    t.match(await anyone.get(url), { status: 303, location: /^\/login\?to=/ })
  }
  t.equal((await upload(nobody, tab, 'x', 'a.txt')).status, 403)
  const before = storedNames(app).length
  t.match(await upload(anyone, tab, 'x', 'a.txt'), { status: 303, location: '/login' })
  t.equal(storedNames(app).length, before)
})

t.test('files of one customer are not those of another', async (t) => {
  for (const [noun, of] of [
    ['files', file],
    ['pictures', portrait],
    ['identity-pictures', paper],
  ])
    for (const end of ['', '/deletion', ...(noun === 'files' ? [] : ['/thumbnail'])])
      t.equal((await admin.get(`/customers/${other}/${noun}/${of}${end}`)).status, 404, `${noun}${end}`)
  t.equal((await admin.post(`/customers/${other}/files/${file}/deletion`, { version: 1 })).status, 404)
  t.equal(
    (await admin.get(`/customers/${other}/files`)).page.querySelector('nav.tabs a[aria-current] .count')?.text,
    '0',
  )
  t.equal((await upload(admin, '/customers/2147483647/files', 'x', 'a.txt')).status, 404)
  t.equal((await admin.get(`${tab}/1%00`)).status, 404)
})

t.test('what is wrong with a paper is said at its own field', async (t) => {
  const answer = await upload(admin, papers, 'x', 'a.jpg')
  t.match(answer, { status: 422 })
  t.match(errorAt(answer, 'identity'), '不是 JPEG')
  t.equal(errorAt(answer, 'picture'), undefined)
})
