import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { type Header, pack } from 'tar-stream'
import { ZipFile } from 'yazl'
import { program } from '../../../src/operation/backups/program.ts'
import { compareVersions, isVersion } from '../../../src/operation/system/release-version.ts'
import { text } from '../../../src/texts/index.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'

const said = text.system.update
const newer = `${Number(program.split('.')[0]) + 1}.0.0`

/** The least that a release has. */
const release = (version: string): Record<string, string> => ({
  'package/package.json': JSON.stringify({ name: 'kehu', version }),
  'package/package-lock.json': '{}',
  'package/src/start.js': '',
  'package/src/server.ts': 'process.exit(1)',
  'package/migrations/20260901090000_create_nothing.ts': '',
  'package/node_modules/other/package.json': '{"name":"other"}',
})

type Entry = Partial<Header> & { content?: string | Buffer }

async function tgz(files: Record<string, string>, more: Entry[] = []): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content)
  for (const { content = '', ...header } of more)
    tar.entry({ name: 'package/more', ...header } as Header, header.type ? '' : content)
  tar.finalize()
  const parts: Buffer[] = []
  for await (const part of tar) parts.push(part as Buffer)
  return gzipSync(Buffer.concat(parts))
}

async function zip(files: Record<string, string>, mode = 0o100644): Promise<Buffer> {
  const file = new ZipFile()
  for (const [name, content] of Object.entries(files))
    file.addBuffer(Buffer.from(content), name, { mode, compress: false })
  file.end()
  const parts: Buffer[] = []
  for await (const part of file.outputStream as unknown as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

function send(one: Browser, file: Buffer, { name = 'kehu.tgz', digest = '' } = {}) {
  const edge = 'edge-of-a-part'
  const part = (head: string, body: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${edge}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ])
  const payload = Buffer.concat([
    part('name="digest"', digest),
    part(`name="file"; filename="${name}"`, file),
    Buffer.from(`--${edge}--\r\n`),
  ])
  const headers = { 'content-type': `multipart/form-data; boundary=${edge}` }
  return one.send({ method: 'POST', url: '/system/update', payload, headers })
}

t.test('a newer release is told with its version, what it brings and that it is whole', async (t) => {
  const { db, app, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const first = await she.get('/system/update')
  t.match(first.text, program)
  t.notMatch(first.text, said.last)
  const file = await tgz(release(newer))
  const digest = createHash('sha256').update(file).digest('hex')
  t.equal((await send(she, file)).location, '/system/update')
  const plain = await she.get('/system/update')
  for (const words of [
    said.newer(newer),
    said.intact,
    digest,
    said.notCompared,
    'kehu.tgz',
    '6 个',
    said.migrations(1),
  ])
    t.match(plain.text, words)
  await send(she, file, { digest: `SHA256: ${digest.toUpperCase().replace(/(.{8})/g, '$1 ')}` })
  t.match((await she.get('/system/update')).text, `${said.facts.compared}${said.compared}`)
  await send(she, file, { digest: `${digest}  kehu.tgz` })
  t.match((await she.get('/system/update')).text, `${said.facts.compared}${said.compared}`)
  const entry = await db('events').where({ action: 'check-update' }).orderBy('id', 'desc').first()
  t.match(entry, { record_type: 'updates', record_name: newer, user_name: '韩梅梅' })
  const left = readdirSync(join(app.config.dataDir, 'files'), { recursive: true, withFileTypes: true })
  t.same(
    left.filter((one) => one.isFile()),
    [],
    'nothing of it stays',
  )

  await send(she, await zip(release(program)), { name: 'kehu.zip' })
  t.match((await she.get('/system/update')).text, said.same)
  await send(she, await tgz(release('0.0.1')))
  t.match((await she.get('/system/update')).text, said.older)
  const { 'package/src/server.ts': _, ...half } = release(newer)
  await send(she, await tgz(half))
  t.match((await she.get('/system/update')).text, said.incomplete(['src/server.ts']))
  const known = { 'package/migrations/20261130170000_create_made_files.ts': '' }
  await send(she, await tgz({ ...release(newer), ...known }))
  t.match((await she.get('/system/update')).text, said.migrations(1), 'of those that are done already none is new')
})

t.test('what is no release, damaged or hostile is refused at its field, and nothing of it stays', async (t) => {
  const { db, app, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const good = await tgz(release(newer))
  const bare = await zip(release(newer))
  const overwritten = (file: Buffer, from: string, to: string) =>
    Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1')
  const manifest = (content: string) => ({ ...release(newer), 'package/package.json': content })
  const refused: [why: string, file: Buffer, sentence: string, name?: string][] = [
    ['nothing', Buffer.alloc(0), said.otherFormat],
    ['a text', Buffer.from('kehu 2.0'), said.otherFormat],
    ['cut', good.subarray(0, good.length - 40), said.damaged],
    ['one bit', Buffer.from(good.map((byte, at) => (at === good.length - 6 ? byte ^ 1 : byte))), said.damaged],
    ['a file of the zip changed', overwritten(bare, 'process.exit(1)', 'process.exit(2)'), said.damaged, 'k.zip'],
    ['half a zip', bare.subarray(0, 400), said.damaged, 'k.zip'],
    [
      'a zip that leads out',
      overwritten(bare, 'package/src/start.js', '../../../src/start.js'.slice(0, 20)),
      said.damaged,
      'k.zip',
    ],
    ['leads out', await tgz(release(newer), [{ name: 'package/../../x' }]), said.leadsElsewhere('package/../../x')],
    ['absolute', await tgz(release(newer), [{ name: '/etc/passwd' }]), said.leadsElsewhere('/etc/passwd')],
    ['a drive', await tgz(release(newer), [{ name: 'C:/x' }]), said.leadsElsewhere('C:/x')],
    ['backslashes', await tgz(release(newer), [{ name: 'a\\..\\b' }]), said.leadsElsewhere('a\\..\\b')],
    ['a link', await tgz(release(newer), [{ type: 'symlink', linkname: '/etc' }]), said.link('package/more')],
    ['a hard link', await tgz(release(newer), [{ type: 'link', linkname: '/etc/x' }]), said.link('package/more')],
    ['a device', await tgz(release(newer), [{ type: 'character-device' }]), said.link('package/more')],
    ['a link in a zip', await zip({ ...release(newer) }, 0o120777), said.link('package/package.json'), 'k.zip'],
    [
      'too many',
      await tgz(Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`a/${at}`, '']))),
      said.tooLarge,
    ],
    ['another program', await tgz(manifest('{"name":"other","version":"9.0.0"}')), said.otherProgram],
    [
      'two programs',
      await tgz({ ...release(newer), 'b/package.json': '{"name":"kehu","version":"9.0.0"}' }),
      said.otherProgram,
    ],
    ['no manifest', await tgz({ 'package/x': '' }), said.otherProgram],
    ['no JSON', await tgz(manifest('{')), said.otherProgram],
    ['no object', await tgz(manifest('null')), said.otherProgram],
    ['no version', await tgz(manifest('{"name":"kehu"}')), said.noVersion],
    ['a version of markup', await tgz(manifest('{"name":"kehu","version":"<b>1.0.0"}')), said.noVersion],
    ['a huge manifest', await tgz(manifest(' '.repeat(1024 ** 2 + 1))), said.tooLarge],
  ]
  for (const [why, file, sentence, name] of refused) {
    const answer = await send(she, file, { name: name ?? 'kehu.tgz' })
    t.equal(answer.status, 422, why)
    t.equal(answer.page.querySelector('#update-file-error')?.text.trim(), sentence.trim(), why)
  }
  const wrong = await send(she, good, { digest: 'f'.repeat(64) })
  t.equal(wrong.status, 422)
  t.match(wrong.page.querySelector('#update-digest-error')?.text, said.otherDigest)
  t.equal(wrong.page.querySelector('#update-digest')?.getAttribute('value'), 'f'.repeat(64), 'what was typed stays')
  t.match((await send(she, good, { digest: 'abc' })).text, said.wrongDigest)
  t.same(await db('events').where({ action: 'check-update' }), [])
  const left = readdirSync(join(app.config.dataDir, 'files'), { recursive: true, withFileTypes: true })
  t.same(
    left.filter((one) => one.isFile()),
    [],
  )
})

t.test('who does not look after the program cannot', async (t) => {
  const { as } = await buildTestApp(t)
  const he = await as('李雷')
  t.equal((await he.get('/system/update')).status, 403)
  t.equal((await send(he, await tgz(release(newer)))).status, 403)
})

t.test('versions in their order', async (t) => {
  const order = [
    '0.9.9',
    '0.10.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '2.0.0',
  ]
  for (const [at, one] of order.entries())
    for (const [place, other] of order.entries()) {
      const sign = Math.sign(compareVersions(one, other))
      t.equal(sign, Math.sign(at - place), `${one} and ${other}`)
    }
  t.equal(compareVersions('1.0.0+a', '1.0.0+b'), 0)
  t.same(['1.2.3', '1.2', 'v1.2.3', '1.2.3-', '', null, 1].map(isVersion), [
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})
