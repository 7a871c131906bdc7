import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { ZipFile } from 'yazl'
import { refuseWithoutSpace } from '../../../src/operation/backups/place.ts'
import { openBackup } from '../../../src/operation/backups/unpack.ts'
import { text } from '../../../src/texts/index.ts'
import { picture, upload } from '../../kernel/files/fixtures/upload.ts'
import { addCustomer, backUp, type Company, company, customerNames, exchange, prepare } from './fixtures/company.ts'

const { problems } = text.backups
const here = await company(t)
await addCustomer(here, '还在的公司')
const good = await backUp(here)
const bytes = readFileSync(join(here.folder, 'backups', good))

async function zipOf(entries: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  return buffer(zip.outputStream)
}

async function manifestOf(path: string) {
  const { manifest, close } = await openBackup(path, here.config)
  close()
  return manifest
}

/** A zip whose names yazl itself would refuse: of the same length, written over. */
async function zipNamed(name: string): Promise<Buffer> {
  const plain = 'x'.repeat(name.length)
  return Buffer.from(
    (await zipOf({ [plain]: 'evil', 'manifest.json': '{}' })).toString('latin1').replaceAll(plain, name),
    'latin1',
  )
}

const offer = (one: Company, content: Buffer | null, name = 'kehu.zip') =>
  upload(one.admin, '/maintenance/backups/uploads', content, name)

t.test('what is no backup is refused at the door, and nothing of it stays', async (t) => {
  const before = here.names()
  const wrong: [string, Buffer | null, string][] = [
    ['none', null, text.backups.noFile],
    ['a picture', await picture('png'), problems.foreign],
    ['empty', Buffer.alloc(0), problems.damaged],
    ['another zip', await zipOf({ 'a.txt': 'x' }), problems.foreign],
    ['a zip with a way out', await zipNamed('../../evil.txt'), problems.foreign],
    ['a zip with an absolute name', await zipNamed('/tmp/evil.txt.x'), problems.foreign],
    ['a manifest that is none', await zipOf({ 'manifest.json': '{"format":"kehu-backup"}' }), problems.foreign],
    ['cut off', bytes.subarray(0, bytes.length - 2000), problems.damaged],
    ['cut in half', bytes.subarray(0, bytes.length / 2), problems.damaged],
    [
      'of a newer program',
      await zipOf({ 'manifest.json': '{"format":"kehu-backup","formatVersion":3,"program":"9.1.0"}' }),
      problems.newer('9.1.0'),
    ],
  ]
  for (const [what, content, said] of wrong) {
    const answer = await offer(here, content)
    t.equal(answer.status, 422, what)
    t.match(answer.text, said, what)
  }
  t.strictSame(here.names(), before)
  t.strictSame(readdirSync(join(here.folder, 'backups', 'incoming')), [])
})

t.test('a manifest cannot name a file that leads out', async (t) => {
  const manifest = {
    ...{ format: 'kehu-backup', formatVersion: 1, program: '0.1.0', createdAt: '2026-01-01T00:00:00.000Z' },
    ...{ createdBy: '甲', way: 'manual', company: '', migrations: [], counts: {}, keys: [] },
    files: [{ path: 'files/../../evil', bytes: 4, sha256: 'a'.repeat(64) }],
  }
  const answer = await offer(here, await zipOf({ 'manifest.json': JSON.stringify(manifest) }))
  t.match(answer.text, problems.foreign)
})

t.test('one byte that was altered anywhere is noticed, or says nothing', async (t) => {
  const { length } = bytes
  const manifest = await manifestOf(join(here.folder, 'backups', good))
  const counts = { refused: 0, harmless: 0 }
  for (let turn = 0; turn < 24; turn++) {
    const at = Math.floor(((turn + 0.5) * length) / 24)
    const altered = Buffer.from(bytes)
    altered[at] = (altered[at] as number) ^ 0x10
    const answer = await offer(here, altered)
    if (answer.status === 422) {
      counts.refused++
      continue
    }
    const name = here.names().find((one) => one.includes('uploaded')) as string
    const { said, look } = await prepare(here, name)
    if (look) {
      // A bit of the zip itself, such as the time of an entry: every file is what the manifest of before says.
      counts.harmless++
      t.strictSame(await manifestOf(join(here.folder, 'backups', name)), manifest, `byte ${at} of ${length}`)
    } else t.match(said, problems.damaged, `byte ${at} of ${length}`)
    await here.admin.post(`/maintenance/backups/${name}/deletion`)
  }
  t.ok(counts.harmless <= 2, `${counts.refused} of 24 refused at the door, ${counts.harmless} say nothing`)
  t.strictSame(await customerNames(here), ['还在的公司'])
})

t.test('a backup of a newer schema is refused with a sentence, an older one is brought up to date', async (t) => {
  const other = await company(t)
  await addCustomer(other, '新版公司')
  await other
    .db('knex_migrations')
    .insert({ name: '20990101000000_add_future', batch: 9, migration_time: '2099-01-01' })
  const newer = await backUp(other)
  await offer(here, readFileSync(join(other.folder, 'backups', newer)))
  const uploaded = here.names().find((one) => one.includes('uploaded')) as string
  t.match((await prepare(here, uploaded)).said, problems.newerSchema)

  await other.db('knex_migrations').where('name', 'like', '2099%').delete()
  await other.db.schema.dropTable('schedules')
  await other.db('knex_migrations').where('name', 'like', '%create_schedules').delete()
  const older = await backUp(other)
  writeFileSync(join(here.folder, 'backups', older), readFileSync(join(other.folder, 'backups', older)))
  const { look } = await prepare(here, older, { without_key: 'true' })
  t.match((await here.admin.get(look)).text, text.backups.migrated(1))
  await exchange(here, look)
  t.strictSame(await customerNames(here), ['新版公司'])
  t.ok(await here.db.schema.hasTable('schedules'))
  Object.assign(here, { admin: await here.signIn() })
})

t.test('a backup of another machine wants its key, or the word that it is lost', async (t) => {
  const [one, two] = [await company(t), await company(t)]
  await addCustomer(one, '别处的公司')
  const user = await one.db('users').first('id')
  await one.db('second_factors').insert({
    ...{ user_id: user.id, sealed_secret: one.app.secrets.encrypt('x', 'totp'), last_step: 0, failures: 0 },
    ...{ locked_until_at: null, created_at: new Date().toISOString() },
  })
  const name = await backUp(one)
  mkdirSync(join(two.folder, 'backups'), { recursive: true })
  writeFileSync(join(two.folder, 'backups', name), readFileSync(join(one.folder, 'backups', name)))
  const refused = await prepare(two, name)
  t.match(refused.said, problems.otherKey(one.app.secrets.keyIds.join(' ')))
  const { look } = await prepare(two, name, { without_key: 'true' })
  t.match((await two.admin.get(look)).text, text.backups.withoutKeyWarning)
  await exchange(two, look)
  t.strictSame(await customerNames(two), ['别处的公司'])
  t.strictSame(await two.db('second_factors'), [])
  t.strictSame(await two.db('secret_keys').pluck('id'), two.app.secrets.keyIds)
})

t.test('a database that is damaged itself makes no backup that would be kept for good', async (t) => {
  const one = await company(t)
  for (let index = 0; index < 30; index++) await addCustomer(one, `第${index}家公司`)
  await one.db.raw('pragma wal_checkpoint(truncate)')
  const file = join(one.folder, 'kehu.db')
  const content = readFileSync(file)
  content.fill(0xff, content.length - 40 * 4096, content.length - 20 * 4096)
  writeFileSync(file, content)
  const { location = '' } = await one.admin.post('/maintenance/backups')
  await one.app.runJobs()
  t.match((await one.admin.get(location)).text, /损坏|没有完成/)
  t.strictSame(existsSync(join(one.folder, 'backups')) ? one.names() : [], [])
})

t.test('where there is no room nothing is begun', async (t) => {
  await t.rejects(refuseWithoutSpace(here.folder, Number.MAX_SAFE_INTEGER), { status: 503, message: /磁盘空间不足/ })
})
