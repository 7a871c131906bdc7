import t from 'tap'
import { type OfficeFile, oldProgramFile, peopleFile, registerFile } from '../../../bench/office-files.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { gb18030 } from '../../kernel/spreadsheets/fixtures/gb18030.ts'
import { checkFile, take, xlsx } from './fixtures/upload.ts'

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const csv = ({ headings, rows }: OfficeFile) =>
  gb18030([headings, ...rows()].map((row) => row.map(quoted).join(',')).join('\r\n'))
const workbook = ({ headings, rows }: OfficeFile) => xlsx(headings, [...rows()])

const company = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { db, app, as } = await buildTestApp(t)
  return { db, app, one: await as('韩梅梅') }
}
const bring = async (one: Browser, file: Buffer, kind?: string) => {
  const checked = await checkFile(one, file, { kind })
  return { checked, done: await take(one, checked.location) }
}

t.test('what a register of companies gives out, at the first try', async (t) => {
  const { db, one } = await company(t)
  const { checked, done } = await bring(one, await workbook(registerFile(300)))
  t.match(checked.text, '300 行正确，0 行有误')
  t.match(done.text, '新增 300 条')
  const [first] = [...registerFile(1).rows()]
  const found = await db('customers').orderBy('id').first()
  t.match(found, { name: first?.[0], legal_representative: first?.[2], credit_code: first?.[12], address: first?.[18] })
  t.equal(await db('customers').whereNull('district_code').first(), undefined, 'every place is understood')
})

t.test('what an old program wrote, half its telephones spoiled, at the first try', async (t) => {
  const { db, one } = await company(t)
  const file = oldProgramFile(300)
  const { checked, done } = await bring(one, csv(file))
  t.match(checked.text, '300 行正确，0 行有误')
  t.match(done.text, /新增 300 条.*150 行的电话不像电话号码/)
  const written = new Map([...file.rows()].map((row) => [row[0], row[4]]))
  for (const { code, phone } of await db('customers').select('code', 'phone'))
    t.equal(phone, written.get(code)?.replace('—', '-').normalize('NFKC'), code)
  t.equal(await db('customers').whereNull('registered_on').first(), undefined)
  t.equal((await db('contacts')).length, 300)
})

t.test('people of companies, several each, into an empty program', async (t) => {
  const { db, app, one } = await company(t)
  const rows = [...peopleFile(100).rows()]
  const checked = await checkFile(one, await workbook(peopleFile(100)), { kind: 'contacts' })
  t.match(checked.text, `${rows.length} 行联系人的客户在系统中都没有`)
  await one.post(`${checked.location}/missing-records`)
  await app.runJobs()
  t.match((await take(one, checked.location)).text, `新增 ${rows.length} 条`)
  t.equal((await db('customers')).length, 100)
  const main = await db('contacts').where({ is_main: true }).orderBy('id').pluck('name')
  t.strictSame(
    main.toSorted(),
    rows
      .filter((row) => row[8] === '是')
      .map((row) => row[1])
      .sort(),
  )
})
