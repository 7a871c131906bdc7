import { execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { customerAnalyses as allAnalyses } from '../../../src/customers/customers/counted.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { readTable } from '../../../src/kernel/spreadsheets/read-table.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { entryId, withCustomers, withLevels } from './fixtures/customers.ts'
import { tableOf } from './fixtures/table.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const textOf = ({ raw }: Answer) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: raw, encoding: 'utf8' })
const levels = '/analysis/customer-levels'
const ways = ['', '?cross=customer-sources', '?registered_on_from=2026-01-01&registered_on_to=2026-06-30&compare=year']

t.test('without any customer every analysis says so, in every way, on page, PDF and workbook', { skip }, async (t) => {
  const { as } = await buildTestApp(t)
  const he = await as('李雷')
  for (const { name, title } of allAnalyses)
    for (const query of ways) {
      const page = await he.get(`/analysis/${name}${query}`)
      t.equal(page.status, 200, name + query)
      t.match(page.text, /还没有客户|没有符合条件的客户/)
      const pdf = await he.get(`/analysis/${name}.pdf${query}`)
      t.match(textOf(pdf), new RegExp(`${title}[^]*没有符合条件的数据`))
      t.equal((await he.get(`/analysis/${name}.xlsx${query}`)).status, 200)
    }
})

t.test('one level with all of them, and customers without one, crossed and compared', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 4 })
  const he = await as('李雷')
  for (const query of ways) {
    const rows = tableOf(await he.get(levels + query))
    t.match(rows[0], ['VIP客户', '4'])
    t.equal(rows.at(-1)?.[1], '4')
  }
  await withLevels(db, { '': 3 })
  for (const query of ways)
    t.ok(
      tableOf(await he.get(levels + query)).some(([label]) => label === '未填写'),
      query,
    )
})

t.test('two hundred levels across and down, with names as long as they may be and rare hanzi', { skip }, async (t) => {
  const { db, as } = await buildTestApp(t)
  const labels = Array.from({ length: 200 }, (_, at) => (at === 0 ? '𬱖'.repeat(60) : `第${at}级`))
  for (const [position, label] of labels.entries())
    await db('dictionary_entries').insert({
      dictionary: 'customer-levels',
      label,
      label_key: `rare-${position}`,
      position: position + 10,
      is_default: false,
      is_active: true,
      version: 1,
    })
  await bumpRevision(db)
  await withLevels(db, Object.fromEntries(labels.slice(0, 60).map((label) => [label, 1])))
  const he = await as('李雷')
  const across = await he.get('/analysis/customer-sources?cross=customer-levels')
  t.equal(tableOf(across)[0]?.length, 63, 'each of those in use has its column')
  const wide = textOf(await he.get('/analysis/customer-sources.pdf?cross=customer-levels'))
  for (const label of labels.slice(1, 60)) t.match(wide, label)
  t.match(
    wide,
    /第 7 部分（共 7 部分）[\s\S]*客户来源 +第\d+级/,
    'in parts below each other, each with its first column',
  )
  const paper = textOf(await he.get(`${levels}.pdf?cross=customer-sources`))
  const words = paper.replace(/\s/g, '')
  t.ok(words.includes('𬱖𬱖𬱖') && !words.includes('〓'))
  const last = paper.split('\f').filter((page) => page.includes('第199级'))
  t.match(last.at(-1), /客户级别 +未填写 +合计 +占比/, 'the head stands on the last page of the table too')
})

t.test('a deleted entry in an address is said, and nothing counted as if it were not there', async (t) => {
  const { db, as } = await buildTestApp(t)
  const id = await entryId(db, 'customer-levels', '低价值客户')
  await withLevels(db, { VIP客户: 2 })
  await db('dictionary_entries').where({ id }).delete()
  await bumpRevision(db)
  const answer = await (await as('李雷')).get(`/analysis/customer-sources?level_id=${id}&cross=nothing&compare=nothing`)
  t.equal(answer.status, 422)
  t.match(answer.page.querySelector('.errors')?.text, /客户级别/)
  t.strictSame(tableOf(answer), [])
})

t.test('a period that ends before it begins is refused for every file', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const he = await as('李雷')
  for (const { name } of allAnalyses)
    for (const ending of ['', '.pdf', '.xlsx']) {
      const query = '?registered_on_from=2026-03-02&registered_on_to=2026-03-01'
      const answer = await he.get(`/analysis/${name}${ending}${query}`)
      t.equal(answer.status, 422, name + ending)
      t.match(answer.text, '结束日期不能早于开始日期')
    }
})

t.test('neither PDF nor workbook counts whom the person does not reach', { skip }, async (t) => {
  const { db, as } = await buildTestApp(t)
  const her = await db('users').where({ name: '韩梅梅' }).first('id')
  await withCustomers(db, [{}, {}, ...Array.from({ length: 40 }, () => ({ owner_id: her.id }))])
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_ranges').where({ role_id, kind: 'view' }).update({ range: 'own' })
  await bumpRevision(db)
  const [he, she] = [await as('李雷'), await as('韩梅梅')]
  const sheet = join(newFolder(t), 'one.xlsx')
  for (const { name } of allAnalyses)
    for (const query of ['', '?cross=customer-types']) {
      const all = textOf(await he.get(`/analysis/${name}.pdf${query}`))
      const words = all.replace(/制表时间.*/g, '')
      t.notMatch(words, /4[02]\b/, name + query)
      t.match(words, '本人数据范围内的客户')
      await writeFile(sheet, (await he.get(`/analysis/${name}.xlsx${query}`)).raw)
      for await (const { cells } of readTable(sheet)) t.notOk(cells.includes('40') || cells.includes('42'), name)
    }
  t.match(textOf(await she.get(`${levels}.pdf`)), '42')
})
