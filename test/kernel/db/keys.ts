import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import { tags } from '../../../src/customers/tags/tags.ts'
import { foldKey, isRepeatedKey, longestKey, repeatedKey } from '../../../src/kernel/db/fold-key.ts'
import { repeatedKeys } from '../../../src/kernel/db/repeated-keys.ts'
import { addRecord } from '../../../src/kernel/modules/records.ts'
import { permissions } from '../../../src/kernel/permissions.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { tidy } from '../../../src/program/housekeeping.ts'
import { text } from '../../../src/texts/index.ts'
import { typed } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const onServer = process.env.TEST_DATABASE_URL ? 'the migrations are run by hand' : false
const notSystem = permissions().filter((permission) => permission !== 'system.view')
const migrations = new URL('../../../migrations/', import.meta.url)

t.test('one text in many spellings has one key', async (t) => {
  const same: string[][] = [
    ['kh000501', 'KH000501', 'ＫＨ０００５０１', ' Kh 000501 ', 'KH\u3000000501', 'KH\u200B000501', 'K\u00ADH000501'],
    ['vip客户', 'VIP客户', 'ＶＩＰ 客户', 'vip\u00A0客户'],
    ['(吉林)', '（吉林）'],
    ['𠮷野家', '𠮷 野家', '𠮷\uFE00野家'],
    ['ﬁ', 'fi', 'FI'],
  ]
  for (const spellings of same) t.strictSame([...new Set(spellings.map(foldKey))], [foldKey(spellings[0] as string)])
  const different = ['A1', 'A-1', '甲', '𠮷', '𠮶', '吉', 'ß', 'ss', 'あ', 'ア', 'é', 'e', '①甲']
  t.equal(new Set(different.map(foldKey)).size, different.length)
  t.equal(foldKey('\u200D'), '\u200D', 'never nothing')
})

t.test('what is taken for its own key is what the whole rule would make of it', async (t) => {
  const from = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at))
  // A blank beside it makes the whole rule count.
  const others = [...from(0x21, 0x7e), ...from(0x4e00, 0x9fff)].filter((sign) => foldKey(sign) !== foldKey(`${sign} `))
  t.strictSame(others, [])
})

t.test('a key has its bounds, and long texts stay apart', async (t) => {
  const long = ['ﷺ'.repeat(40), `${'ﷺ'.repeat(39)}ﷲ`, '𠮷'.repeat(100), `${'𠮷'.repeat(99)}甲`, 'a'.repeat(121)]
  const keys = long.map(foldKey)
  for (const key of keys) t.ok(key.length <= longestKey && key.isWellFormed(), `${key.length}`)
  t.equal(new Set(keys).size, long.length)
  const marked = repeatedKey('𠮷'.repeat(60), 1_234_567)
  t.ok(marked.length <= longestKey && marked.isWellFormed() && isRepeatedKey(marked))
  t.notOk(
    ['a b', 'ＡＢ c', 'x'.repeat(200)].map(foldKey).some(isRepeatedKey),
    'no text can be typed that has such a key',
  )
})

/** Back to the day before the keys; answers how to go on to today. */
async function beforeKeys(db: Knex) {
  const names = readdirSync(migrations)
    .filter((name) => /^2026113014\d+_.*_folded_keys\.ts$/.test(name))
    .sort()
  const run = async (name: string, way: 'up' | 'down') =>
    db.transaction(async (trx) => void (await (await import(new URL(name, migrations).href))[way](trx)))
  for (const name of names.toReversed()) await run(name, 'down')
  return async () => {
    for (const name of names) await run(name, 'up')
  }
}

t.test('a database in which both could stand keeps both, names them, and heals', { skip: onServer }, async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const ids: number[] = []
  for (let at = 0; at < 5; at++) ids.push(await makeCustomer(db))
  const [deleted, plain, upper, wide, other] = ids as [number, number, number, number, number]
  await db('customers').where({ id: deleted }).update({ deleted_at: '2026-11-01T00:00:00.000Z' })
  const { id: tag } = await addRecord(db, tags, { name: '大客户' }, actor)
  const { id: twin } = await addRecord(db, tags, { name: '大客户2' }, actor)
  const departments = [
    await addDepartment(db, { name: '销售部' }, actor),
    await addDepartment(db, { name: '甲' }, actor),
  ]
  await db('users').update({ number: null })
  const goOn = await beforeKeys(db)
  const code = { [deleted]: 'kh-9', [plain]: 'Kh-9', [upper]: 'KH-9', [wide]: 'ＫＨ-9', [other]: 'KH-10' }
  for (const id of ids) await db('customers').where({ id }).update({ code: code[id] })
  await db('tags').where({ id: twin }).update({ name: '大 客户', name_key: '大 客户' })
  await db('departments').where({ id: departments[1] }).update({ name: '销售 部' })
  await goOn()

  const keys = async () => Object.fromEntries((await db('customers')).map(({ id, code_key }) => [id, code_key]))
  t.match(await keys(), {
    [plain]: 'kh-9',
    [deleted]: `kh-9 ${deleted}`,
    [upper]: `kh-9 ${upper}`,
    [wide]: `kh-9 ${wide}`,
    [other]: 'kh-10',
  })
  t.strictSame(await db('tags').orderBy('id').pluck('name_key'), ['大客户', `大客户 ${twin}`])
  t.equal((await db('customers').where({ id: wide }).first()).code, 'ＫＨ-9', 'what was typed stays')
  t.equal((await db('repeated_keys')).length, 5)

  const page = await admin.get('/system')
  t.match(page.text, text.system.repeated.same('KH-9', 'Kh-9'))
  t.match(page.text, text.system.repeated.same('大 客户', '大客户'))
  const links = page.page.querySelectorAll('.group a').map((link) => link.getAttribute('href'))
  for (const href of [`/customers/${upper}/edit`, `/tags/${twin}/edit`, `/departments/${departments[1]}/edit`]) {
    t.ok(links.includes(href), href)
    t.equal((await admin.get(href)).status, 200, href)
  }
  await addPerson(db, 'machine', [await everyRightWithin(db, '看系统', { view: 'own', without: notSystem })])
  const less = await (await signedIn(app, 'machine')).get('/system')
  t.match(less.text, text.system.repeated.unseen('5'), 'who may not change them is told how many there are')
  t.notMatch(less.text, 'KH-9')

  const form = typed({ code: 'KH-9', version: 1, phone: '0431-84978981' })
  t.equal((await admin.post(`/customers/${upper}`, form)).status, 303, 'one of both can be changed otherwise')
  t.equal((await keys())[upper], `kh-9 ${upper}`)
  t.equal((await admin.post('/customers', typed({ code: 'kh-９' }))).status, 422, 'a further one is refused')
  t.equal((await admin.post(`/customers/${upper}`, typed({ code: 'KH-11', version: 2 }))).status, 303)
  t.equal((await keys())[upper], 'kh-11')
  await db('customers').where({ id: plain }).update({ code: 'KH-12', code_key: 'kh-12' })
  await tidy(db, app.config.dataDir)
  t.strictSame(
    (await repeatedKeys(db)).map(({ row }) => row.name ?? row.id).length,
    3,
    'the first of those left has the free key',
  )
  t.equal(Object.values(await keys()).filter((key) => key === 'kh-9').length, 1)
  await db('departments').where({ id: departments[0] }).update({ name: '大区', name_key: '大区' })
  await db('tags').where({ id: tag }).update({ name: 'X', name_key: 'x' })
  await db('customers').where({ code_key: 'kh-9' }).update({ code_key: 'free' })
  await tidy(db, app.config.dataDir)
  t.strictSame(await repeatedKeys(db), [])
  t.strictSame(await db('repeated_keys'), [])
})
