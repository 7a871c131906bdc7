import type { Knex } from 'knex'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { id, instant, text } from '../../../src/kernel/db/columns.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { line } from '../../../src/kernel/web/fields.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { errorAt, linksIn, photo, storedNames, upload } from '../files/fixtures/upload.ts'

/** What belongs to nobody, goes for good when it goes, and has files. */
const manuals: Module = {
  name: 'manuals',
  path: '/manuals',
  label: '手册',
  group: 'settings',
  fields: [{ name: 'name', label: '名称', kind: line, max: 40, isRequired: true }],
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'delete'],
  search: ['name'],
  files: true,
}

/** What hangs on it, and so belongs to nobody either. */
const remarks: Module = {
  ...manuals,
  name: 'remarks',
  path: '/remarks',
  fields: [...manuals.fields, { name: 'manual_id', label: '手册', kind: line, max: 10, column: false }],
  owner: { through: 'manual_id', module: 'manuals' },
}
declareFor(t, [equipment, repairs, manuals, remarks])

async function makeManuals(db: Knex) {
  for (const table of ['manuals', 'remarks'])
    await db.schema.createTable(table, (t) => {
      id(t)
      text(t, 'name', 80).notNullable()
      text(t, 'name_pinyin', 200).notNullable().index()
      if (table === 'remarks') t.integer('manual_id').notNullable().index()
      instant(t, 'created_at').notNullable()
      instant(t, 'updated_at').notNullable().index()
      t.integer('version').notNullable()
    })
}

const { app, db, as } = await buildTestApp(t)
await makeTables(db)
await makeManuals(db)
await presetInstallation(db, null)
await bumpRevision(db)
const admin = await as('韩梅梅')
const own = await everyRightWithin(db, '各管各的', { view: 'own' })
const looking = await everyRightWithin(db, '看所有改自己', { view: 'all', change: 'own' })
const withoutFiles = await everyRightWithin(db, '不看附件', { view: 'all', without: ['files.view'] })
const withoutPapers = await everyRightWithin(db, '不看证件', { view: 'all', without: ['identity_pictures.view'] })
const withoutThem = await everyRightWithin(db, '只看附件', {
  view: 'all',
  without: ['equipment.view', 'repairs.view', 'manuals.view'],
})
// Nothing of it follows from how far the roles reach over customers.
await db('role_ranges').where({ module: 'customers' }).update({ range: 'all' })
await bumpRevision(db)
const person = async (name: string, role: number) => {
  await addPerson(db, name, [role])
  return signedIn(app, name)
}
const owner = await person('甲', own)
const other = await person('乙', own)
const looker = await person('丙', looking)
const noFiles = await person('丁', withoutFiles)
const noPapers = await person('戊', withoutPapers)
const onlyFiles = await person('己', withoutThem)
let forms = 0
const add = async (one: Browser, path: string, values: Record<string, string>) =>
  String((await one.post(path, { ...values, form_id: `file-form-${++forms}` })).location)
const idOf = (location: string) => location.split('/').at(-1) as string
const newMachine = async () => {
  const machine = await add(owner, '/equipment', { name: `车床${++forms}` })
  return { machine, repair: await add(owner, '/repairs', { subject: '换刀', equipment_id: idOf(machine) }) }
}

t.test('files are taken, counted, given back and deleted, and the history says so', async (t) => {
  const { machine, repair } = await newMachine()
  const manual = await add(admin, '/manuals', { name: '操作手册' })
  for (const record of [
    machine,
    repair,
    manual,
    await add(admin, '/remarks', { name: '注', manual_id: idOf(manual) }),
  ]) {
    const one = record === machine || record === repair ? owner : admin
    t.match(
      await upload(one, `${record}/files`, '内容', '说明.txt'),
      { status: 303, location: `${record}/files` },
      record,
    )
    const page = await one.get(`${record}/files`)
    t.match(page.text, '说明.txt')
    t.match((await one.get(record)).page.querySelector('nav.tabs')?.text.replace(/\s+/g, ' '), /基本信息 附件1/)
    const { id } = await db('files').where({ name: '说明.txt' }).whereNull('deleted_at').first('id')
    const file = `${record}/files/${id}`
    t.equal((await one.get(file)).raw.toString(), '内容')
    t.match((await one.get(file)).headers['content-disposition'], /^attachment/)
    t.match((await one.get(`${file}/deletion`)).text, '说明.txt')
    t.equal((await one.post(`${file}/deletion`, { version: '9' })).status, 409)
    t.equal((await one.post(`${file}/deletion`, { version: '1' })).status, 303)
    t.equal((await one.get(file)).status, 404)
    t.match((await one.get(record)).text, /附件: （空） → 说明.txt/)
  }
})

t.test('what cannot be taken is told at its field', async (t) => {
  const { machine } = await newMachine()
  const kept = storedNames(app).length
  for (const [noun, kind, content, name] of [
    ['files', 'file', '', '空.txt'],
    ['files', 'file', null, ''],
    ['files', 'file', 'MZ program', '程序.txt'],
    ['pictures', 'picture', 'no picture', '照片.jpg'],
  ] as const) {
    const refused = await upload(owner, `${machine}/${noun}`, content, name)
    t.equal(refused.status, 422, name)
    t.ok(errorAt(refused, kind), name)
  }
  t.equal(storedNames(app).length, kept)
  t.equal((await upload(owner, `${machine}/business-cards`, await photo(), 'a.jpg')).status, 404, 'not declared')
  const once = () => upload(owner, `${machine}/files`, 'x', '一次.txt', 'sent-twice')
  await Promise.all([once(), once()])
  t.equal((await db('files').where({ name: '一次.txt' })).length, 1)
})

t.test('whoever may see and change the record may see and change its files, by the rights on files', async (t) => {
  const { machine, repair } = await newMachine()
  for (const record of [machine, repair]) {
    await upload(owner, `${record}/files`, '内容', '合同.txt')
    const { id } = await db('files').orderBy('id', 'desc').first('id')
    const file = `${record}/files/${id}`
    for (const address of [file, `${file}/deletion`, `${record}/files`])
      t.equal((await other.get(address)).status, 404, `others: ${address}`)
    t.equal((await upload(other, `${record}/files`, 'x', 'x.txt')).status, 404)
    t.equal((await looker.get(file)).status, 200)
    t.equal((await looker.get(`${record}/files`)).page.querySelector('form.upload'), null)
    t.equal((await looker.get(`${file}/deletion`)).status, 403)
    t.equal((await looker.post(`${file}/deletion`, { version: '1' })).status, 403)
    t.equal((await upload(looker, `${record}/files`, 'x', 'x.txt')).status, 403)
    t.equal((await noFiles.get(file)).status, 403)
    t.notMatch((await noFiles.get(record)).body, `${record}/files`)
    for (const address of [file, `${record}/files`]) t.equal((await onlyFiles.get(address)).status, 403, address)
    t.equal((await upload(onlyFiles, `${record}/files`, 'x', 'x.txt')).status, 403)
  }
  const [first, second] = [idOf(machine), idOf((await newMachine()).machine)]
  const { id } = await db('files').where({ record_type: 'equipment', record_id: first }).first('id')
  t.equal((await owner.get(`/equipment/${second}/files/${id}`)).status, 404, 'of another record')
  t.equal((await owner.get(`/equipment/${first}/pictures/${id}`)).status, 404, 'of another kind')
  const manual = await add(admin, '/manuals', { name: '检修手册' })
  await upload(other, `${manual}/files`, 'x', '页.txt')
  t.match((await looker.get(`${manual}/files`)).text, '页.txt', 'of nobody is for all who may')
  t.equal((await onlyFiles.get(`${manual}/files`)).status, 403)
})

t.test('papers are seen by those who may, and each look is noted', async (t) => {
  const { machine } = await newMachine()
  const papers = `${machine}/identity-pictures`
  t.equal((await upload(owner, papers, await photo(), '身份证.jpg')).status, 303)
  t.equal((await upload(owner, `${machine}/pictures`, await photo(), '照片.jpg')).status, 303)
  const { id } = await db('files').where({ kind: 'identity' }).orderBy('id', 'desc').first('id')
  t.match(await owner.get(`${papers}/${id}`), { status: 200, headers: { 'content-type': 'image/jpeg' } })
  t.equal((await owner.get(`${papers}/${id}/thumbnail`)).status, 200)
  const views = await db('events').where({ action: 'view', record_type: 'files', record_id: id })
  t.match(views, [{ user_name: '甲', record_name: /证件照片/ }])
  for (const address of [`${papers}/${id}`, `${papers}/${id}/thumbnail`, `${papers}/${id}/deletion`])
    t.equal((await noPapers.get(address)).status, 403)
  const page = await noPapers.get(`${machine}/files`)
  t.notMatch(page.body, /identity-pictures|身份证/)
  t.equal(page.page.querySelector('nav.tabs .count')?.text, '1')
  t.ok(linksIn(page).some((href) => href.startsWith(`${machine}/pictures/`)))
  t.match((await noPapers.get(machine)).text, `证件照片: （空） → 编号 ${id}`)
  t.notMatch((await noPapers.get(machine)).text, '身份证')
})

t.test('the files of a record go with it for good, and come back with it', async (t) => {
  const { machine, repair } = await newMachine()
  const before = storedNames(app).length
  await upload(owner, `${machine}/files`, '一', '一.txt')
  await upload(owner, `${repair}/files`, '二', '二.txt')
  const { id } = await db('files').where({ name: '一.txt' }).first('id')
  const gone = await owner.post(`${machine}/deletion`, { version: '1' })
  t.equal(gone.status, 303)
  t.equal((await owner.get(`${machine}/files/${id}`)).status, 404)
  t.equal(storedNames(app).length, before + 2)
  const bin = `/recycle-bin${machine}`
  t.equal((await owner.post(`${bin}/restoration`, { version: '2' })).status, 303)
  t.equal((await owner.get(`${machine}/files/${id}`)).raw.toString(), '一')
  await owner.post(`${machine}/deletion`, { version: '3' })
  t.match((await admin.get(`${bin}/purge`)).text, '1 个附件')
  t.equal((await admin.post(`${bin}/purge`, { version: '4' })).status, 303)
  t.same(await db('files').whereIn('name', ['一.txt', '二.txt']), [])
  t.equal(storedNames(app).length, before)
  const manual = await add(admin, '/manuals', { name: '旧手册' })
  await upload(admin, `${manual}/files`, '三', '三.txt')
  t.match((await admin.get(`${manual}/deletion`)).text, '1 个附件')
  t.equal((await admin.post(`${manual}/deletion`, { version: '1' })).status, 303)
  t.same(await db('files').where({ name: '三.txt' }), [])
  t.equal(storedNames(app).length, before)
})

t.test('the explanation of rights says it of files too', async (t) => {
  const { machine } = await newMachine()
  const { id } = await db('users').where({ name: '丙' }).first('id')
  const said = await admin.get(`/access-explanation?user_id=${id}&code=${machine}/files`)
  t.match(said.text, /附件和照片 查看 可以 ✓/)
  t.match(said.text, /附件和照片 新增 不可以/)
})

t.test('a module stands in the part of the side bar that it names', async (t) => {
  const { page } = await admin.get('/manuals')
  const links = page.querySelectorAll('nav a').map((link) => link.getAttribute('href') ?? '')
  t.ok(links.indexOf('/manuals') > links.indexOf('/company'))
  t.ok(links.indexOf('/equipment') < links.indexOf('/company') && links.includes('/equipment'))
})

t.test('a kind of files that there is not is named', async (t) => {
  const wrong = { ...manuals, name: 'wrong', path: '/wrong', files: ['film' as never] }
  t.throws(() => declareModules([wrong]), { name: 'DeclarationError', message: /film/ })
})
