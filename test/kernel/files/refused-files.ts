import { existsSync } from 'node:fs'
import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { fileFolder, incomingPath } from '../../../src/kernel/files/storage.ts'
import { takeFile } from '../../../src/kernel/web/upload.ts'
import { tidy } from '../../../src/program/housekeeping.ts'
import { text } from '../../../src/texts/index.ts'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { errorAt, multipart, multipartType, picture, storedNames, upload } from './fixtures/upload.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
const path = `/customers/${await create(admin)}/files`
await upload(admin, path, 'x', 'a.txt')
const isClean = async () => storedNames(app).length === 1 && (await db('files')).length === 1

const page = '<!doctype html><script>alert(1)</script>'
const refused: [string, string, Buffer | string | null, RegExp][] = [
  ['none', 'a.txt', null, /请选择要上传的文件/],
  ['an empty file', 'a.txt', '', /这个文件是空的/],
  ['a page as png', 'a.png', page, /不是 .png 格式/],
  ['a page as jpg', 'a.JPG', page, /不是 .jpg 格式/],
  ['a script as webp', 'a.webp', 'alert(1)', /不是 .webp 格式/],
  ['a page as pdf', 'a.pdf', page, /不是 .pdf 格式/],
  ['a text as xlsx', 'a.xlsx', '客户名称,电话', /不是 .xlsx 格式/],
  ['a png as jpg', 'a.jpg', await picture('png'), /不是 .jpg 格式/],
  ['a program as xlsx', 'a.xlsx', Buffer.from('MZ\x90\0\x03\0\0\0'), /不能上传程序文件/],
  ['a program', 'setup.exe', Buffer.from('MZ\x90\0\x03\0\0\0'), /不能上传程序文件/],
  ['more than 50 MB', 'a.zip', Buffer.alloc(50 * 1024 * 1024 + 1, 'PK\x03\x04'), /文件超过 50 MB/],
]

for (const [what, name, content, sentence] of refused) {
  t.test(`${what} is refused at the field and leaves nothing`, async (t) => {
    const answer = await upload(admin, path, content, name)
    t.equal(answer.status, 422)
    t.match(errorAt(answer, 'file'), sentence)
    t.ok(await isClean())
  })
}

t.test('a form without a file part', async (t) => {
  t.match(await admin.post(path, { file: 'x' }), { status: 422, text: /请选择要上传的文件/ })
})

t.test('what is what its name says is taken', async (t) => {
  const right: [string, Buffer | string][] = [
    ['a.png', await picture('png')],
    ['a.jpeg', await picture('jpeg')],
    ['a.webp', await picture('webp')],
    ['a.pdf', '%PDF-1.4'],
    ['a.docx', 'PK\x03\x04'],
    ['a.xls', '<table></table>'],
    ['a.zip', Buffer.alloc(20 * 1024 * 1024, 'PK\x03\x04')],
    ['a', 'x'],
  ]
  for (const [name, content] of right) t.equal((await upload(admin, path, content, name)).status, 303, name)
  const files = await db('files').where('id', '>', 1)
  t.equal(files.length, right.length)
  for (const { id } of files) await admin.post(`${path}/${id}/deletion`, { version: 1 })
  await db('files').where('id', '>', 1).update({ purged_at: new Date().toISOString() })
  await tidy(db, app.config.dataDir)
  t.ok(await isClean(), 'what was given up is tidied away')
})

t.test('an upload that breaks off leaves nothing', async (t) => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const body = multipart(Buffer.alloc(1024 * 1024, 'x'), 'a.txt')
  const cookie = Object.entries(admin.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const headers = {
    cookie,
    'content-type': multipartType,
    'content-length': body.length,
    'sec-fetch-site': 'same-origin',
  }
  const { port } = app.server.address() as AddressInfo
  const sending = request({ host: '127.0.0.1', port, path, method: 'POST', headers })
  sending.on('error', () => {})
  sending.write(body.subarray(0, 600_000))
  while (await isClean()) await new Promise(setImmediate)
  sending.destroy()
  while (!(await isClean())) await new Promise(setImmediate)
  t.ok(await isClean())
})

t.test('a row that cannot be written leaves no file', async (t) => {
  const count = (await db('files').count({ count: '*' }).first())?.count
  await db.schema.alterTable('files', (table) => table.renameColumn('sha256', 'elsewhere'))
  t.equal((await upload(admin, path, 'x', 'b.txt')).status, 500)
  await db.schema.alterTable('files', (table) => table.renameColumn('elsewhere', 'sha256'))
  t.equal(count, 1)
  t.ok(await isClean())
})

/** Where Linux lets nobody make a file, not even root. */
const takesNothing = '/sys/kernel'

t.test('a disk that takes nothing is no fault of the file', { skip: !existsSync(takesNothing) }, async (t) => {
  const incoming = join(fileFolder(app.config.dataDir), 'incoming')
  await rename(incoming, `${incoming}-kept`)
  await symlink(takesNothing, incoming)
  const answer = await upload(admin, path, 'x', 'c.txt')
  await rm(incoming)
  await rename(`${incoming}-kept`, incoming)
  t.equal(answer.status, 503)
  t.match(answer.text, text.errors.readOnly)
  t.ok(await isClean())
})

t.test('what a stopped program left unfinished is tidied away a day later', async (t) => {
  const [old, fresh] = [
    await incomingPath(fileFolder(app.config.dataDir)),
    await incomingPath(fileFolder(app.config.dataDir)),
  ]
  const longAgo = new Date(Date.now() - 90_000_000)
  for (const left of [old, fresh]) await writeFile(left, 'x')
  await utimes(old, longAgo, longAgo)
  await tidy(db, app.config.dataDir)
  t.equal(storedNames(app).length, 2)
})

t.test('who went away before his file was asked for is not waited for', async (t) => {
  const never = () => new Promise<never>(() => {})
  const gone = { headers: {}, raw: { destroyed: true }, isMultipart: () => true, file: never }
  const said = { none: 'none', tooLarge: 'too large', interrupted: 'interrupted' }
  await t.rejects(takeFile(gone as never, { place: never, mostBytes: 1, said }), { message: 'interrupted' })
})
