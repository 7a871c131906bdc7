import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import {
  AgeError,
  beginDecrypting,
  beginEncrypting,
  decrypting,
  encryptedBytes,
  encrypting,
} from '../../../src/operation/backups/age.ts'
import { text } from '../../../src/texts/index.ts'
import { addCustomer, backUp, type Company, company } from './fixtures/company.ts'

const p = text.backups.passphrase
const passphrase = '五个不相关的词 correct horse'
/** Made by the library age-encryption 0.3.1, with the passphrase 公开的测试口令. */
const ofAnother =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBuSzU3M1grc2E2eTlwUU5RVkhvQ1J3IDEwCjM4djNhb29LMTlOODIwVmpVNytsK1J0L1M1aDNwM3dJRnA4SzZTVlphMVEKLS0tIGpFdHpCUHcxcXcrRWxFaDVvM2psakZIVkVMZm1nbnF4blNnb1RJbmFuMDAK+TrkeW3jDSOJ/3DmK5u6vnZ+g/D3nnJMwmow03VBWG3LfWLgXslqbkgYG6gUdnI='

async function* partsOf(content: Buffer, size = 50_000) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function opened(content: Buffer, word: string): Promise<Buffer> {
  const { from, key } = await beginDecrypting(content.subarray(0, 512), word)
  return buffer(decrypting(partsOf(content.subarray(from)), key))
}

t.test('what another program of the format wrote opens here', async (t) => {
  t.equal((await opened(Buffer.from(ofAnother, 'base64'), '公开的测试口令')).toString(), '由 age 写成\n')
})

t.test(
  'content of any size comes back; pieces that were changed, exchanged, cut off or put on are noticed',
  async (t) => {
    const begun = await beginEncrypting(passphrase)
    const { head, key } = begun
    const lock = (content: Buffer) => buffer(encrypting(partsOf(content), begun))
    const unlock = (sealed: Buffer) => buffer(decrypting(partsOf(sealed.subarray(head.length)), key))
    for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const content = Buffer.alloc(size, '客户')
      const sealed = await lock(content)
      t.equal(sealed.length, encryptedBytes(head, size), `${size} bytes, as said before`)
      t.strictSame(await unlock(sealed), content)
    }
    const whole = await lock(Buffer.alloc(200_000, '客户'))
    const piece = 65_536 + 16
    const at = (number: number) => whole.subarray(head.length + number * piece, head.length + (number + 1) * piece)
    const wrong: Record<string, Buffer> = {
      'one byte': Buffer.from(whole.map((byte, index) => (index === head.length + 70_000 ? byte ^ 1 : byte))),
      'cut off between two pieces': whole.subarray(0, head.length + 2 * piece),
      'cut off within a piece': whole.subarray(0, whole.length - 5),
      'two pieces exchanged': Buffer.concat([head, at(1), at(0), at(2), at(3)]),
      'one left out': Buffer.concat([head, at(0), at(2), at(3)]),
      'something put on': Buffer.concat([whole, Buffer.alloc(40)]),
      'nothing but the header': head,
    }
    for (const [what, content] of Object.entries(wrong)) await t.rejects(unlock(content), new AgeError('damaged'), what)
    const sealed = await lock(Buffer.from('x'))
    await t.rejects(opened(sealed, `${passphrase} `), new AgeError('passphrase'))
    const header = Buffer.from(sealed.toString('latin1').replace(/^--- ..../m, '--- AAAA'), 'latin1')
    await t.rejects(opened(header, passphrase), new AgeError('damaged'))
    const dear = Buffer.from(sealed.toString('latin1').replace(/ 17\n/, ' 30\n'), 'latin1')
    await t.rejects(opened(dear, passphrase), new AgeError('damaged'), 'nobody lets the server reckon for hours')
  },
)

/** A multipart form with its fields before its file, as the page sends it. */
function sendFile({ admin }: Company, address: string, fields: Record<string, string>, content: Buffer) {
  const edge = 'edge-of-form'
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${edge}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="x.age"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const payload = Buffer.concat([Buffer.from(parts.join('') + file), content, Buffer.from(`\r\n--${edge}--\r\n`)])
  const headers = { 'content-type': `multipart/form-data; boundary=${edge}` }
  return admin.send({ method: 'POST', url: address, payload, headers })
}

t.test('an encrypted copy is downloaded, and comes back with its passphrase only', async (t) => {
  const here = await company(t)
  await addCustomer(here, '机密公司')
  const name = await backUp(here)
  const address = `/maintenance/backups/${name}/encrypted-copy`
  t.ok((await here.admin.get('/maintenance/backups')).page.querySelector(`a[href="${address}"]`))
  t.match((await here.admin.get(address)).text, p.intro[1])
  for (const [typed, again, said] of [
    ['short', 'short', p.tooShort(12)],
    [passphrase, `${passphrase}x`, p.different],
    ['', '', p.tooShort(12)],
  ] as const) {
    const refused = await here.admin.post(address, { passphrase: typed, again })
    t.equal(refused.status, 422)
    t.match(refused.text, said)
    t.notOk(typed && refused.body.includes(typed), 'and does not come back')
  }
  const got = await here.admin.post(address, { passphrase, again: passphrase })
  t.equal(got.headers['content-disposition'], `attachment; filename="${name}.age"`)
  t.equal(Number(got.headers['content-length']), got.raw.length)
  t.notOk(got.raw.includes('manifest.json'))
  t.match((await here.admin.get('/audit-log?action=export')).text, p.encrypted)

  const uploads = '/maintenance/backups/uploads'
  for (const [word, said] of [
    ['', p.wanted],
    ['another one altogether', p.problems.passphrase],
  ] as const) {
    const refused = await sendFile(here, uploads, { passphrase: word }, got.raw)
    t.equal(refused.status, 422)
    t.match(refused.page.querySelector('#upload-passphrase-error')?.text, said)
  }
  const cut = await sendFile(here, uploads, { passphrase }, got.raw.subarray(0, -100))
  t.match(cut.page.querySelector('#upload-file-error')?.text, p.problems.damaged)
  t.strictSame(readdirSync(join(here.folder, 'backups', 'incoming')), [])
  t.equal((await sendFile(here, uploads, { passphrase }, got.raw)).status, 303)
  const uploaded = here.names().find((one) => one.includes('uploaded')) as string
  t.strictSame(readFileSync(join(here.folder, 'backups', uploaded)), readFileSync(join(here.folder, 'backups', name)))
  t.strictSame(readdirSync(join(here.folder, 'backups', 'incoming')), [])

  const file = join(here.folder, 'kept.zip.age')
  writeFileSync(file, got.raw)
  const run = (input: string) => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(here.folder, 'other') }
    const words = ['src/program/restore-command.ts', file, '--without-key']
    return spawnSync(process.execPath, words, {
      cwd: new URL('../../../', import.meta.url),
      env,
      input,
      encoding: 'utf8',
    })
  }
  t.match(run('wrong\n').stdout, p.problems.passphrase)
  const restored = run(`${passphrase}\n`)
  t.equal(restored.status, 0, restored.stdout + restored.stderr)
  t.match(restored.stdout, text.backups.accessChanges.added, 'and says what it brings')
})
