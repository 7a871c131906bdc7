import t from 'tap'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import { listOf } from '../../../src/kernel/modules/list.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { makeOwnTables } from '../../../src/kernel/modules/own-table.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { check, choice, line } from '../../../src/kernel/web/fields.ts'
import type { Row } from '../../../src/kernel/web/list.ts'
import { listPage } from '../../../src/kernel/web/list-page.ts'
import { parametersIn, readListQuery } from '../../../src/kernel/web/list-query.ts'
import { entriesOf, peopleOptions } from '../../../src/kernel/web/options.ts'
import { viewerAt } from '../../../src/kernel/web/viewers.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { upload } from '../files/fixtures/upload.ts'

/** What each writes down alone, and may be let others use; one right of another module guards most of its acts. */
const recipes: Module = {
  name: 'recipes',
  path: '/recipes',
  label: '配方',
  fields: [
    { name: 'name', label: '名称', kind: line, max: 40, isRequired: true },
    { name: 'level_id', label: '等级', kind: choice, options: entriesOf('customer-levels'), isBatch: true },
    { name: 'is_shared', label: '共享', kind: check },
    { name: 'user_id', label: '作者', kind: choice, options: peopleOptions, isFilter: true },
  ],
  title: 'name',
  owner: 'nobody',
  personal: 'user_id',
  shared: 'is_shared',
  rights: {
    view: 'mail.create',
    create: 'mail.create',
    update: 'mail.create',
    delete: 'mail.create',
    share: 'mail.share',
  },
  acts: ['view', 'create', 'update', 'delete', 'export', 'print', 'share'],
  search: ['name'],
  bin: true,
  files: true,
}
declareFor(t, [recipes])

let forms = 0
const formId = () => `recipe-form-${++forms}`

/** 甲 and 丁 may share, 乙 and 丙 may not, 戊 may not look. */
const { db, as, app } = await buildTestApp(t)
await makeOwnTables(db, recipes)
await presetInstallation(db, null)
const roles = {
  sharing: await everyRightWithin(db, '能共享', { view: 'all' }),
  writing: await everyRightWithin(db, '只写', { view: 'all', without: ['mail.share'] }),
  none: await everyRightWithin(db, '不写', { view: 'all', without: ['mail.create'] }),
}
const people = { 甲: roles.sharing, 乙: roles.writing, 丙: roles.writing, 丁: roles.sharing, 戊: roles.none }
const ids: Record<string, number> = {}
const browsers: Record<string, Browser> = {}
for (const [name, role] of Object.entries(people)) {
  ids[name] = await addPerson(db, name, [role])
  browsers[name] = await signedIn(app, name)
}
const by = (name: string) => browsers[name] as Browser

/** Each of the first two has one of his own, and 甲 one that is shared; 乙 may not share his. */
async function begin() {
  await db('recipes').delete()
  const add = async (who: string, name: string, more = {}) =>
    String((await by(who).post('/recipes', { name, ...more, form_id: formId() })).location)
  return {
    own: await add('甲', '甲的私方'),
    shared: await add('甲', '甲的公方', { is_shared: 'true' }),
    other: await add('乙', '乙的私方', { is_shared: 'true' }),
  }
}

const idIn = (place: string) => Number(place.split('/').at(-1))

t.test('one’s own are seen, and what is shared, on every page and in every file', async (t) => {
  const places = await begin()
  t.match(await db('recipes').orderBy('id'), [{ is_shared: false }, { is_shared: true }, { is_shared: false }])
  const folder = newFolder(t)
  const seen = {
    甲: ['甲的私方', '甲的公方'],
    乙: ['甲的公方', '乙的私方'],
    丙: ['甲的公方'],
    丁: ['甲的公方'],
  }
  const lists = ['', '?q=方', '?sort=name', '?f=name:contains:方', '?user_id=', '/print', '.csv', '.xlsx']
  for (const [who, names] of Object.entries(seen)) {
    for (const query of lists) {
      const said = await readable(await by(who).get(`/recipes${query}`), folder)
      t.same([...new Set(said.match(/[甲乙]的[公私]方/g))].sort(), [...names].sort(), `${who} ${query}`)
    }
    const found = (await by(who).get('/search?q=方')).page.querySelectorAll('main a[href^="/recipes/"]')
    t.equal(new Set(found.map((one) => one.getAttribute('href'))).size, names.length, `${who} finds them`)
    const mine = { 甲: ['own', 'shared'], 乙: ['shared', 'other'], 丙: ['shared'], 丁: ['shared'] }[who] ?? []
    for (const [kind, place] of Object.entries(places))
      for (const page of [place, `${place}/files`, `${place}/print.pdf`])
        t.equal((await by(who).get(page)).status, mine.includes(kind) ? 200 : 404, `${who} ${kind} ${page}`)
  }
  for (const page of ['/recipes', places.shared, `${places.shared}/edit`])
    t.equal((await by('戊').get(page)).status, 403, page)
  for (const page of ['/recipes.csv', '/search?q=甲的']) t.notMatch((await by('戊').get(page)).body, '甲的公方', page)
})

t.test('a shared one is changed by who may share, another by who made it', async (t) => {
  const places = await begin()
  const pages = ['edit', 'deletion']
  const may = (who: string, place: string, status: number) =>
    t.test(`${who} ${place}`, async (t) => {
      const card = await by(who).get(place)
      for (const page of pages) {
        t.equal(Boolean(card.page.querySelector(`a[href="${place}/${page}"]`)), status === 200, page)
        t.equal((await by(who).get(`${place}/${page}`)).status, status, page)
      }
      const file = await upload(by(who), `${place}/files`, '做法', '做法.txt')
      t.equal(file.status, status === 200 ? 303 : status)
      if (status === 200) return
      t.equal((await by(who).post(place, { name: '改', version: '1' })).status, status)
      t.equal((await by(who).post(`${place}/deletion`, { version: '1' })).status, status)
    })
  await may('甲', places.own, 200)
  await may('甲', places.shared, 200)
  await may('丁', places.shared, 200)
  await may('乙', places.other, 200)
  await may('乙', places.shared, 403)
  await may('乙', places.own, 404)
  await may('丁', places.own, 404)

  const asked = (await by('丁').get(`${places.shared}/edit`)).page
  t.ok(asked.querySelector('[name=is_shared]'))
  t.notOk(asked.querySelector('[name=user_id]'), 'nobody says who made it')
  t.notOk((await by('乙').get('/recipes/new')).page.querySelector('[name=is_shared]'))
  const changed = await by('丁').post(places.shared, {
    name: '丁改的公方',
    is_shared: 'true',
    version: '1',
    user_id: '1',
  })
  t.equal(changed.location, places.shared)
  t.match(
    await db('recipes')
      .where({ id: idIn(places.shared) })
      .first(),
    { user_id: ids.甲, version: 2 },
  )
  const late = await by('甲').post(places.shared, { name: '甲改的公方', is_shared: 'true', version: '1' })
  t.equal(late.status, 409)
  t.match(late.text, '丁改的公方')

  const taken = await by('丁').post(places.shared, { name: '丁改的公方', version: '2' })
  t.equal(taken.location, '/recipes', 'who takes it from all sees it no more, and is not led to it')
  t.match((await by('丁').get('/recipes')).text, '已保存')
  t.equal((await by('甲').get(places.shared)).status, 200)
})

t.test('many at once are those that one may change, also from the bin', async (t) => {
  const places = await begin()
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  const ids = Object.values(places).map((place) => String(idIn(place)))
  const select = async (who: string, act: string) =>
    String((await by(who).post('/recipes/selections', { query: '', scope: 'rows', ids, act })).location)
  const choosing = `${await select('乙', 'level_id')}?level_id=${level.id}`
  t.match((await by('乙').get(choosing)).text, /1 个.*无权/s)
  await by('乙').post(choosing, { level_id: String(level.id), form_id: formId() })
  const changed = await db('recipes').whereNotNull('level_id').pluck('name')
  t.same(changed, ['乙的私方'])
  await by('丁').post(await select('丁', 'delete'), { form_id: formId() })
  t.same(await db('recipes').whereNotNull('deleted_at').pluck('name'), ['甲的公方'])
  const bin = (who: string) => by(who).get('/recycle-bin/recipes')
  t.match((await bin('乙')).text, '甲的公方')
  const restored = (who: string) => by(who).post(`/recycle-bin${places.shared}/restoration`, { version: '2' })
  t.equal((await restored('乙')).status, 403)
  await by('乙').post(`${places.other}/deletion`, { version: '2' })
  t.notMatch((await bin('丁')).text, '乙的私方')
  t.equal((await restored('丁')).status, 303)
})

t.test('long lists are those of one’s own and what is shared, by whatever they are found and sorted', async (t) => {
  await begin()
  const at = '2026-01-05T00:00:00.000Z'
  const levels: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).limit(3).pluck('id')
  const made = Array.from({ length: 13_000 }, (_, index) => ({
    name: `方${String(index).padStart(5, '0')}`,
    name_pinyin: `fang${String(index).padStart(5, '0')}`,
    user_id: index % 2 === 0 ? ids.甲 : ids.乙,
    is_shared: index % 100 === 1,
    level_id: levels[index % 3],
    created_at: at,
    updated_at: at,
    version: 1,
  }))
  await insertAll(db, 'recipes', made)
  const viewer = await viewerAt(db, await currentRevision(db), ids.甲 as number)
  const reference = await referenceAt(db, await currentRevision(db))
  const list = listOf(recipes)
  const seen = (await db('recipes').orderBy(['name_pinyin', 'id'])).filter(
    (row) => row.user_id === ids.甲 || Boolean(row.is_shared),
  )
  for (const [query, isAsked] of [
    ['', () => true],
    [`user_id=${ids.甲}`, (row) => row.user_id === ids.甲],
    [`user_id=${ids.乙}`, (row) => row.user_id === ids.乙],
    [`f=level_id:in:${levels[1]}`, (row) => row.level_id === levels[1]],
    ['f=is_shared:in:true', (row) => Boolean(row.is_shared)],
  ] as [string, (row: Row) => boolean][]) {
    const asked = seen.filter(isAsked)
    for (const [sort, rows] of [
      ['name', asked],
      ['-name', asked.toReversed()],
    ] as const)
      for (const page of [1, 30, 1_000]) {
        const read = readListQuery(list, parametersIn(`${query}&sort=${sort}&page=${page}`), {
          viewer,
          reference,
        })
        const found = await listPage(db, list, read)
        const from = (found.page - 1) * read.per
        t.same(
          found.rows.map(({ id }) => id),
          rows.slice(from, from + read.per).map(({ id }) => id),
          `${query} ${sort} ${page}`,
        )
        if (!found.isCapped) t.equal(found.total, asked.length, query)
      }
  }
  const sorted = await by('甲').get(`/recipes?user_id=${ids.甲}&sort=-updated_at`)
  t.match([sorted.status, sorted.text], [200, /共 6,502 条/])
})

t.test('why somebody may or may not is explained', async (t) => {
  const places = await begin()
  const admin = await as('韩梅梅')
  const said = async (who: string, place: string) =>
    (await admin.get(`/access-explanation?user_id=${ids[who]}&code=${place}`)).text
  t.match(
    await said('丙', places.shared),
    /甲的公方.*甲.*配方 查看 可以 ✓.*已共享.*配方 修改 不可以.*「共享」权限的人能改动/s,
  )
  t.match(await said('丁', places.shared), /配方 修改 可以 ✓/)
  const hidden = await said('丁', places.own)
  t.match(hidden, /您不能查看.*配方 查看 不可以.*只有作者本人/s)
  t.notMatch(hidden, '甲的私方')
  t.match(await said('甲', places.own), /配方 删除 可以 ✓/)
  t.match(await said('戊', places.shared), /配方 查看 不可以.*没有此权限/s)
})

t.test('what cannot be shared is not taken up', (t) => {
  const wrong = (more: Partial<Module>) => () =>
    declareModules([{ ...recipes, name: 'other', path: '/other', ...more }])
  for (const [more, sentence] of [
    [{ personal: undefined }, /共享字段 is_shared/],
    [{ shared: 'name' }, /共享字段 name/],
    [{ shared: 'nothing' }, /共享字段 nothing/],
    [{ acts: ['view', 'create'], rights: undefined }, /共享字段/],
    [{ owner: { by: 'user_id' }, rights: undefined }, /user_id 写明只属本人/],
    [{ isTallied: true }, /user_id 写明只属本人/],
    [{ acts: [...recipes.acts, 'import'] }, /user_id 写明只属本人/],
  ] as [Partial<Module>, RegExp][])
    t.throws(wrong(more), { name: 'DeclarationError', message: sentence })
  t.end()
})
