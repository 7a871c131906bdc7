import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import t from 'tap'
import { lookApart, readingBounds, rowsApart } from '../../../src/kernel/spreadsheets/apart.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readRows, saveWorkbook, sheetPart } from './fixtures/workbook.ts'

const usual = { ...readingBounds }
t.afterEach(() => void Object.assign(readingBounds, usual))

const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const someRows = (count: number) =>
  Array.from({ length: count }, (_, index) => `<row>${cell(`第${index}公司`)}</row>`).join('')

const folder = newFolder(t)
let fifos = 0

/** A file whose reading never ends: nobody writes into the other end. */
function endless(): string {
  const path = join(folder, `endless-${++fifos}`)
  execFileSync('mkfifo', [path])
  return path
}

t.test('rows come as they are read here, whatever their number', async (t) => {
  const path = await saveWorkbook(t, { rows: someRows(1_300) })
  t.strictSame(await Array.fromAsync(rowsApart(path)), await readRows(path))
  t.strictSame(await Array.fromAsync(rowsApart(await saveWorkbook(t, {}))), [])
})

t.test('reading ends early, fails, and begins again with the next file', async (t) => {
  const path = await saveWorkbook(t, { rows: someRows(2_000) })
  for await (const row of rowsApart(path)) if (row.number === 300) break
  await t.rejects(Array.fromAsync(rowsApart(join(folder, 'not-there'))), { code: 'ENOENT' })
  t.equal((await Array.fromAsync(rowsApart(path))).length, 2_000)
})

t.test('a process whose time as a spare is over gets no further file, though it has not ended yet', async (t) => {
  const path = await saveWorkbook(t, { rows: someRows(3) })
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  await Array.fromAsync(rowsApart(path))
  mock.timers.tick(3_000)
  t.equal((await Array.fromAsync(rowsApart(path))).length, 3)
})

t.test('the beginning of each sheet, with the beginnings of its cells', async (t) => {
  const sheet = (rows: string) => sheetPart(rows)
  const path = await saveWorkbook(t, {
    workbook: '<sheets><sheet name="封面" r:id="rId1"/><sheet name="客户 &amp; 联系人" r:id="rId2"/></sheets>',
    parts: {
      'xl/worksheets/sheet1.xml': sheet(''),
      'xl/worksheets/sheet2.xml': sheet(`${someRows(5)}<row>${cell('长'.repeat(900))}</row>`),
    },
  })
  const { sheets } = await lookApart(path, {}, 6)
  t.strictSame(
    sheets.map(({ name, rows }) => [name, rows.length]),
    [
      ['封面', 0],
      ['客户 & 联系人', 6],
    ],
  )
  t.equal(sheets[1]?.rows.at(-1)?.cells[0]?.length, 200)
})

t.test('a file that takes more memory than may be ends its process, not this one', async (t) => {
  const path = await saveWorkbook(t, { styles: `<!--${'x'.repeat(15_000_000)}-->`, rows: someRows(1) })
  t.equal((await Array.fromAsync(rowsApart(path))).length, 1, 'as a rule it may')
  readingBounds.megabytes = 16
  await t.rejects(Array.fromAsync(rowsApart(path)), { code: 'too-costly' })
})

t.test('a file without an end is given up; meanwhile others are read', async (t) => {
  const path = await saveWorkbook(t, { rows: someRows(10) })
  readingBounds.secondsOfAnswer = 2
  const hanging = [
    t.rejects(lookApart(endless(), {}, 10), { code: 'too-costly' }),
    t.rejects(Array.fromAsync(rowsApart(endless())), { code: 'too-costly' }),
  ]
  readingBounds.secondsOfAnswer = usual.secondsOfAnswer
  t.equal((await Array.fromAsync(rowsApart(path))).length, 10)
  await Promise.all(hanging)
  readingBounds.secondsOfFile = 0.01
  await t.rejects(lookApart(endless(), {}, 10), { code: 'too-costly' }, 'the whole file has an end too')
})

t.test('only that process opens files of others', (t) => {
  const folder = join(import.meta.dirname, '../../../src')
  const openers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /(?:from |import\()'[^']*\/read-(?:table|csv|xlsx|old)/.test(readFileSync(join(folder, name), 'utf8')),
    )
  t.strictSame(openers.sort(), ['kernel/spreadsheets/read-table.ts', 'kernel/spreadsheets/reader-process.ts'])
  t.end()
})
