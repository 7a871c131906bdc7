import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { writeXlsx } from '../../../src/kernel/spreadsheets/write-xlsx.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { cellsIn } from '../../fixtures/readable.ts'

const folder = newFolder(t)
const rowsOf = (name: string) => cellsIn(join(folder, name))

t.test('the content decides, not the name', async (t) => {
  const wanted = [['名称'], ['长春明日公司']]
  writeFileSync(join(folder, 'text.xlsx'), '名称\n长春明日公司\n')
  await writeFile(join(folder, 'book.csv'), writeXlsx([{ label: '名称', kind: 'text' }], [['长春明日公司']], '客户'))
  t.strictSame(await rowsOf('text.xlsx'), wanted)
  t.strictSame(await rowsOf('book.csv'), wanted)
})

t.test('programs, pictures and other binary files are refused', async (t) => {
  const files: Record<string, Buffer> = {
    exe: Buffer.concat([Buffer.from('MZ\x90\0\x03'), Buffer.alloc(2_000)]),
    pdf: Buffer.from('%PDF-1.7\n1 0 obj\n'),
    png: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    zeros: Buffer.alloc(1_000),
    random: Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 251)),
  }
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.xlsx`), content)
    await t.rejects(rowsOf(`${name}.xlsx`), { code: 'not-table' }, name)
  }
  writeFileSync(join(folder, 'old.csv'), Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  await t.rejects(rowsOf('old.csv'), { code: 'damaged' })
  writeFileSync(join(folder, 'zip.csv'), Buffer.from('504b0304', 'hex'))
  await t.rejects(rowsOf('zip.csv'), { code: 'damaged' })
})

t.test('a text with some NUL bytes is a text', async (t) => {
  writeFileSync(join(folder, 'nul.csv'), `名称\n${'长春明日公司\0\n'.repeat(20)}`)
  t.equal((await rowsOf('nul.csv')).length, 21)
})

t.test('a page of another program in one line of two million signs', async (t) => {
  const rows = Array.from(
    { length: 10_000 },
    (_, index) => `<tr><td>第${index}公司</td><td>${'1'.repeat(180)}</td></tr>`,
  )
  writeFileSync(
    join(folder, 'page.xls'),
    `<html><table><tr><td>名称</td><td>号</td></tr>${rows.join('')}</table></html>`,
  )
  const read = await rowsOf('page.xls')
  t.equal(read.length, 10_001)
  t.strictSame(read.at(-1), ['第9999公司', '1'.repeat(180)])
})
