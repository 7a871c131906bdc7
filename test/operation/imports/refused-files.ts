import { mkdirSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { uploadLimits } from '../../../src/operation/imports/upload.ts'
import { browser, buildTestApp } from '../../fixtures/app.ts'
import { multipart, upload, xlsx } from './fixtures/upload.ts'

const { fileSize } = uploadLimits
uploadLimits.fileSize = 1024 * 1024
t.teardown(() => {
  uploadLimits.fileSize = fileSize
})

const { app, db, as } = await buildTestApp(t)
const folder = join(app.config.dataDir, 'imports')
mkdirSync(folder)
const one = await as('韩梅梅')
const isClean = async () => readdirSync(folder).length === 0 && (await db('imports')).length === 0

const whole = await xlsx(
  ['客户名称', '电话'],
  Array.from({ length: 500 }, (_, index) => [`公司${index}`, '']),
)
const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)])
const encrypted = Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')])
const refused: [string, Buffer | string | null, string | RegExp][] = [
  ['no file', null, '请选择要导入的文件'],
  ['an empty file', '', '文件中没有内容'],
  ['a program', Buffer.from('MZ\x90\0\x03\0\0\0'), '这不是表格文件'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), '这不是表格文件'],
  ['zeros', Buffer.alloc(3000), '这不是表格文件'],
  ['half an old .xls', compound, '无法识别这种文件'],
  ['a password', encrypted, '文件有打开密码'],
  ['half a file', whole.subarray(0, whole.length / 2), '文件已损坏'],
  ['only headings', await xlsx(['客户名称'], []), '只有列名'],
  ['nothing', await xlsx([''], []), '文件中没有内容'],
]

for (const [name, file, sentence] of refused) {
  t.test(`${name}, named xlsx`, async (t) => {
    const answer = await upload(one, file)
    t.equal(answer.status, 422)
    t.match(answer.page.querySelector('#import-file-error')?.text, sentence, 'at the field')
    t.ok(await isClean(), 'nothing is left')
  })
}

t.test('a form without a file part', async (t) => {
  t.match(await one.post('/imports', { file: 'x' }), { status: 422, text: /请选择要导入的文件/ })
})

t.test('more than may be', async (t) => {
  const answer = await upload(one, Buffer.alloc(1024 * 1024 + 1, 'x'))
  t.match(answer, { status: 422, text: /文件超过 500 MB/ })
  t.ok(await isClean())
})

t.test('an upload that breaks off leaves no file', async (t) => {
  const address = await app.listen({ port: 0 })
  t.match(await browser(app, {}).get('/login'), { status: 200 })
  const body = multipart(Buffer.alloc(1024 * 1024, 'x'))
  const cookie = Object.entries(one.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const headers = {
    cookie,
    'content-type': 'multipart/form-data; boundary=kehu-test-boundary',
    'content-length': body.length,
    'sec-fetch-site': 'same-origin',
  }
  const { port } = app.server.address() as AddressInfo
  const sending = request({ host: new URL(address).hostname, port, path: '/imports', method: 'POST', headers })
  sending.on('error', () => {})
  sending.write(body.subarray(0, 600_000))
  while (await isClean()) await new Promise(setImmediate)
  sending.destroy()
  while (!(await isClean())) await new Promise(setImmediate)
  t.ok(await isClean())
})

t.test('signed out', async (t) => {
  const answer = await upload(browser(app, {}), whole)
  t.equal(answer.status, 303)
  t.match(answer.location, '/login')
  t.ok(await isClean())
})
