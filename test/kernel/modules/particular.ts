import type { Knex } from 'knex'
import t from 'tap'
import { flag, id, instant, key, ref, text } from '../../../src/kernel/db/columns.ts'
import { createListIndexes } from '../../../src/kernel/db/list-indexes.ts'
import { declareModules, withdrawModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { check, line } from '../../../src/kernel/web/fields.ts'
import { link } from '../../../src/kernel/web/link-kind.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { declareFor } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** What somebody writes down alone, in an order; one that is kept can be neither changed nor deleted. */
const memos: Module = {
  name: 'jottings',
  path: '/jottings',
  label: '便签',
  fields: [
    { name: 'name', label: '标题', kind: line, max: 40, isRequired: true, isUnique: true },
    { name: 'source', label: '出处', kind: line, max: 40, isLasting: true },
    { name: 'is_shared', label: '共享', kind: check, right: 'share' },
  ],
  title: 'name',
  owner: 'nobody',
  personal: 'user_id',
  positions: { within: 'user_id', row: 'memo' },
  acts: ['view', 'create', 'update', 'delete', 'export', 'share'],
  search: [],
  hooks: {
    begin: async () => ({ source: '随手记' }),
    barred: ({ name }, act) => (name === '公约' && act !== 'view' ? '公约不能改动。' : undefined),
  },
}
declareFor(t, [memos])

async function makeTable(knex: Knex) {
  await knex.schema.createTable('jottings', (t) => {
    id(t)
    text(t, 'name', 80).notNullable()
    key(t, 'name_key').notNullable()
    text(t, 'name_pinyin', 200).notNullable()
    text(t, 'source', 80)
    flag(t, 'is_shared').defaultTo(false)
    t.integer('position').notNullable().defaultTo(0)
    ref(t, 'user_id', 'users').notNullable()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
    t.unique(['user_id', 'name_key'])
  })
  await createListIndexes(knex, { table: 'jottings', order: 'name_pinyin', sorts: ['updated_at'] })
}

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  await makeTable(built.db)
  await presetInstallation(built.db, null)
  const every = await everyRightWithin(built.db, '全部', { view: 'all' })
  const less = await everyRightWithin(built.db, '不共享', { view: 'all', without: ['jottings.share'] })
  await addPerson(built.db, '甲', [every])
  await addPerson(built.db, '乙', [less])
  return { ...built, one: await signedIn(built.app, '甲'), other: await signedIn(built.app, '乙') }
}
let forms = 0
const memo = (name: string, more: Record<string, string> = {}) => ({ name, ...more, form_id: `memo-form-${++forms}` })

t.test('what is personal is there for nobody else, on no page and in no file', async (t) => {
  const { db, one, other } = await world(t)
  const { location = '' } = await one.post('/jottings', memo('甲的便签'))
  t.equal((await one.get(location)).status, 200)
  const folder = newFolder(t)
  for (const path of ['/jottings', '/jottings.csv', '/jottings.xlsx', '/jottings?sort=-updated_at'])
    t.notMatch(await readable(await other.get(path), folder), '甲的便签', path)
  t.match((await other.get('/jottings')).text, '还没有便签')
  for (const path of [location, `${location}/edit`, `${location}/deletion`])
    t.equal((await other.get(path)).status, 404, path)
  t.equal((await other.post(location, { name: '改', version: '1' })).status, 404)
  t.equal((await other.post(`${location}/deletion`, { version: '1' })).status, 404)
  t.equal((await other.post(`${location}/position`, { direction: 'up' })).status, 404)
  t.equal((await other.post('/jottings', memo('甲的便签'))).status, 303, 'each may have one of a name')
  t.equal((await other.post('/jottings', memo('甲的便签'))).status, 422)
  t.equal((await db('jottings')).length, 2)
  t.notOk(
    (await one.get('/tools/calculator')).page.querySelector('a[href="/jottings"]'),
    'it stands in no part of the bar',
  )
})

t.test('a field may be asked of some alone, or stay as it was chosen', async (t) => {
  const { db, one, other } = await world(t)
  const form = await one.get('/jottings/new')
  t.ok(form.page.querySelector('[name=is_shared]'))
  t.equal(form.page.querySelector('[name=source]')?.getAttribute('value'), '随手记', 'it begins with something')
  t.notOk((await other.get('/jottings/new')).page.querySelector('[name=is_shared]'))
  const { location = '' } = await other.post('/jottings', memo('便签', { source: '会上', is_shared: 'true' }))
  t.match(await db('jottings').first(), { source: '会上', is_shared: false }, 'nor is it taken from who may not')
  t.notOk((await other.get(`${location}/edit`)).page.querySelector('[name=source]'))
  t.equal((await other.post(location, { name: '便签二', source: '别处', version: '1' })).status, 303)
  t.match(await db('jottings').first(), { name: '便签二', source: '会上', version: 2 })
})

t.test('an act that is never done to a record is neither offered nor done', async (t) => {
  const { db, one } = await world(t)
  const { location = '' } = await one.post('/jottings', memo('公约'))
  const card = await one.get(location)
  for (const act of ['edit', 'deletion']) t.notOk(card.page.querySelector(`a[href="${location}/${act}"]`), act)
  for (const act of ['edit', 'deletion']) {
    const answer = await one.get(`${location}/${act}`)
    t.equal(answer.status, 409, act)
    t.match(answer.text, '公约不能改动。')
  }
  t.equal((await one.post(location, { name: '新约', version: '1' })).status, 409)
  t.equal((await one.post(`${location}/deletion`, { version: '1' })).status, 409)
  t.match(await db('jottings'), [{ name: '公约', version: 1 }])
})

t.test('records stand in an order one chooses, each person for himself', async (t) => {
  const { db, one, other } = await world(t)
  for (const name of ['一', '二', '三']) await one.post('/jottings', memo(name))
  await other.post('/jottings', memo('四'))
  const last = await db('jottings').where({ name: '三' }).first('id')
  const moved = await one.post(`/jottings/${last.id}/position`, { direction: 'up' })
  t.equal(moved.location, `/jottings#memo-${last.id}`)
  const names = await db('jottings').orderBy(['user_id', 'position']).pluck('name')
  t.same(names, ['一', '三', '二', '四'])
  t.match((await one.get(`/jottings/${last.id}`)).text, /3.{0,9}2/s, 'its history says it')
})

t.test('nothing points at what has no address of its own, or is there for one person', (t) => {
  const wrong = (to: string) => () =>
    declareModules([
      {
        ...memos,
        name: 'pointing',
        path: '/pointing',
        personal: undefined,
        positions: undefined,
        fields: [...memos.fields, { name: 'target_id', label: '指向', kind: link, to }],
      },
    ])
  for (const to of ['jottings', 'dictionary_entries', 'saved_reports'])
    t.throws(wrong(to), { name: 'DeclarationError', message: /target_id/ }, to)
  t.doesNotThrow(wrong('roles'))
  t.teardown(() => withdrawModules(['pointing']))
  t.end()
})
