import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { id, instant, ref, text } from '../../../src/kernel/db/columns.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { email, line, phone } from '../../../src/kernel/web/fields.ts'
import { link } from '../../../src/kernel/web/link-kind.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** Who looks after a machine: they stand under its address, in groups of fields. */
const keepers: Module = {
  name: 'keepers',
  path: '/keepers',
  label: '保管人',
  group: 'customers',
  fields: [
    { name: 'name', label: '姓名', kind: line, max: 40, isRequired: true },
    { name: 'mobile', label: '手机', kind: phone, max: 60, mask: 'phone', isCopied: true },
    { name: 'email', label: '邮箱', kind: email, max: 60 },
  ],
  groups: [
    { title: '人员', fields: [{ name: 'name' }] },
    { title: '联系', fields: [{ name: 'mobile' }, { name: 'email' }] },
  ],
  title: 'name',
  owner: { through: 'machine_id', module: 'equipment' },
  under: '/equipment/:machine/keepers',
  acts: ['view', 'create', 'update', 'delete', 'print', 'unmask'],
  search: ['name'],
}

/** What points at them. */
const visits: Module = {
  name: 'visits',
  path: '/visits',
  label: '走访',
  group: 'customers',
  fields: [
    { name: 'subject', label: '事项', kind: line, max: 40, isRequired: true },
    { name: 'keeper_id', label: '见到', kind: link, to: 'keepers' },
  ],
  title: 'subject',
  owner: 'nobody',
  acts: ['view', 'create'],
  search: [],
}
declareFor(t, [equipment, repairs, keepers, visits])

const { app, db } = await buildTestApp(t)
await makeTables(db)
await db.schema.createTable('keepers', (table) => {
  id(table)
  text(table, 'name', 80).notNullable()
  text(table, 'name_pinyin', 200).notNullable()
  text(table, 'mobile', 60)
  text(table, 'email', 60)
  ref(table, 'machine_id', 'equipment').notNullable().index()
  for (const name of ['created_at', 'updated_at']) instant(table, name).notNullable()
  table.integer('version').notNullable()
})
await db.schema.createTable('visits', (table) => {
  id(table)
  text(table, 'subject', 80).notNullable()
  text(table, 'subject_pinyin', 200).notNullable()
  ref(table, 'keeper_id', 'keepers').index()
  for (const name of ['created_at', 'updated_at']) instant(table, name).notNullable()
  table.integer('version').notNullable()
})
await presetInstallation(db, null)
await bumpRevision(db)
const own = await everyRightWithin(db, '各管各的', { view: 'own' })
const looking = await everyRightWithin(db, '看所有改自己', { view: 'all', change: 'own' })
const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
for (const [name, role] of Object.entries({ 甲: own, 乙: own, 丙: looking, 丁: masked }))
  await addPerson(db, name, [role])
const [jia, yi, bing, ding] = (await Promise.all(['甲', '乙', '丙', '丁'].map((name) => signedIn(app, name)))) as [
  Browser,
  Browser,
  Browser,
  Browser,
]
const { location: machine = '' } = await jia.post('/equipment', { name: '车床', form_id: 'under-1' })
const { location: other = '' } = await jia.post('/equipment', { name: '铣床', form_id: 'under-2' })
const place = `${machine}/keepers`

t.test('what hangs on a record is added, changed and removed under its address', async (t) => {
  const blank = await jia.get(`${place}/new`)
  t.match(blank.text, '新增保管人 · 车床')
  t.strictSame(
    blank.page.querySelectorAll('main form:not(.undo) legend').map((title) => title.text),
    ['人员', '联系'],
  )
  t.ok((await jia.get(machine)).page.querySelector(`a[href="${place}/new?on_card=true"]`), 'its card leads there')
  const wrong = await jia.post(place, { ...fieldsIn(blank), email: 'x' })
  t.match([wrong.status, wrong.page.querySelector('form.form')?.getAttribute('action') ?? place], [422, place])
  const added = await jia.post(place, { ...fieldsIn(blank), name: '张三', mobile: '13800138000' })
  t.match([added.status, added.location], [303, place], 'and back to those of the same')
  const { id: one } = await db('keepers').first('id')
  const card = await jia.get(`${place}/${one}`)
  t.strictSame(
    card.page.querySelectorAll('main section h2').map((title) => title.text),
    ['走访', '最近动态', '联系'],
    'the only field of 人员 stands in the head',
  )
  t.match(card.page.querySelector(`.facts a[href="${machine}"]`)?.text, '车床')
  t.equal(card.page.querySelectorAll('[data-copy]').length, 1)
  const saved = await jia.post(`${place}/${one}`, { ...fieldsIn(await jia.get(`${place}/${one}/edit`)), name: '李四' })
  t.equal(saved.location, `${place}/${one}`)
  t.match((await jia.get('/keepers')).page.querySelector(`#list a[href="${place}/${one}"]`)?.text, '李四')
  const question = await jia.get(`${place}/${one}/deletion`)
  t.match(question.text, '确认删除「车床」的保管人「李四」')
  t.equal((await jia.post(`${place}/${one}/deletion`, fieldsIn(question))).location, place)
  t.strictSame(await db('keepers'), [])
})

t.test('an address that says another record, or one out of reach, leads nowhere', async (t) => {
  await jia.post(place, { name: '王五', form_id: 'under-3' })
  const { id: one } = await db('keepers').first('id')
  for (const noun of ['', '/edit', '/deletion', '/print.pdf']) {
    t.equal((await jia.get(`${place}/${one}${noun}`)).status, 200, noun)
    t.equal((await jia.get(`${other}/keepers/${one}${noun}`)).status, 404, `${noun} under another`)
    t.equal((await yi.get(`${place}/${one}${noun}`)).status, 404, `${noun} of another's`)
  }
  for (const noun of ['', '/deletion'])
    t.equal((await jia.post(`${other}/keepers/${one}${noun}`, { name: '乙', version: '1' })).status, 404)
  t.equal((await yi.get(`${place}/new`)).status, 404)
  t.equal((await yi.post(place, { name: '乙', form_id: 'under-4' })).status, 404)
  t.strictSame([(await bing.get(`${place}/${one}`)).status, (await bing.get(`${place}/new`)).status], [200, 403])
  t.equal((await bing.post(place, { name: '丙', form_id: 'under-5' })).status, 403)
  for (const wrong of ['0', 'x', '99', '1 or 1=1'])
    t.equal((await jia.get(`/equipment/${encodeURIComponent(wrong)}/keepers/new`)).status, 404, wrong)
  t.equal((await db('keepers')).length, 1)
})

t.test('who asked to see a record whole may change what is masked of it', async (t) => {
  await db('keepers').update({ mobile: '13900139000' })
  const { id: one } = await db('keepers').first('id')
  t.notOk('mobile' in fieldsIn(await ding.get(`${place}/${one}/edit`)))
  t.equal((await ding.post(`${place}/${one}/unmasking`, {})).location, `${place}/${one}`)
  t.equal(fieldsIn(await ding.get(`${place}/${one}/edit`)).mobile, '13900139000')
})

t.test(
  'its list says on what each hangs, on paper and in files too, finds by that, and can be pointed at',
  async (t) => {
    const { id: one, name } = await db('keepers').first('id', 'name')
    await jia.post(`${other}/keepers`, { name: '赵六', form_id: 'under-6' })
    const list = await jia.get('/keepers')
    t.match(list.page.querySelector(`#list a[href="${machine}"]`)?.text, '车床')
    t.match((await jia.get('/keepers/print')).text, '铣床')
    const found = (await jia.get(`/keepers?f=${encodeURIComponent('machine_id:is:铣床')}`)).text
    t.match(found, '赵六')
    t.notMatch(found, name)
    t.notMatch((await jia.get(machine)).page.querySelector('main table')?.text, '所属设备', 'its card need not say it')
    await jia.post('/visits', { subject: '盘点', keeper_id: name, form_id: 'under-7' })
    t.equal((await jia.get('/visits')).page.querySelector(`#list a[href="${place}/${one}"]`)?.text, name)
    t.match((await yi.get('/visits')).text, '盘点')
    t.notMatch((await yi.get('/visits')).text, name, 'who may not see it reads no name')
  },
)
