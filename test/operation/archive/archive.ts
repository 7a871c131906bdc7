import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readConfig } from '../../../src/config.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { replaceOwnModules } from '../../../src/kernel/modules/catalogue.ts'
import { openSecrets } from '../../../src/kernel/secrets.ts'
import { type ArchiveManifest, format } from '../../../src/operation/archive/archive.ts'
import { readArchive } from '../../../src/operation/archive/in.ts'
import { writeArchive } from '../../../src/operation/archive/out.ts'
import { listArchives } from '../../../src/operation/archive/place.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import type { Manifest } from '../../../src/operation/backups/manifest.ts'
import { type Part, pack } from '../../../src/operation/backups/pack.ts'
import { openBackup } from '../../../src/operation/backups/unpack.ts'
import { text } from '../../../src/texts/index.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { makeModule } from '../../fixtures/own-module.ts'
import { fillWorld } from '../../fixtures/world.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { addCustomer, type Company, company, customerNames } from '../backups/fixtures/company.ts'
import { addFileTo } from '../backups/fixtures/files.ts'

const t_ = text.archive
const operator = { id: null, name: '测试', address: null }

const at = '2026-05-04T00:00:00.000Z'
const mould = (f1: string, more: Record<string, unknown>) => ({
  f1,
  f1_key: f1,
  f1_pinyin: 'zhusumu',
  is_f4: false,
  created_at: at,
  updated_at: at,
  version: 1,
  ...more,
})
/** Records of a module that rows define, with a value of each kind. */
const moulds = [
  mould('注塑模一号', { f2_cents: 300_050, f3: '13944012345', is_f4: true, f6_micros: 1_250_000, f7_at: at }),
  mould('注塑模,二"号', { f2_cents: null, deleted_at: at }),
  mould('注塑模二号', {}),
]

async function entryAndPerson({ db }: Company) {
  const entry = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id')
  const person = await db('users').first('id')
  return { f5_id: entry.id, owner_id: person.id }
}

/** A company with a row in every table, whose archive it wrote. */
async function archived(t: Test) {
  // What one database defines must not stand in the next.
  t.teardown(() => replaceOwnModules([]))
  const here = await company(t)
  await fillWorld(here.db, here.config)
  await here.db('secret_keys').where({ id: 'none' }).delete()
  await addCustomer(here, '逗号,引号"换行\n公司')
  const file = await addFileTo(here, 1, '合同.txt', '第一份合同')
  await here.db('customers').where({ id: 1 }).update({ notes: '一行\r\n二行', short_name: '' })
  const own = `own_${await makeModule(here.db, 'moulds')}`
  for (const row of moulds) await here.db(own).insert({ ...row, ...(await entryAndPerson(here)) })
  await here.db(own).where({ f1: '注塑模二号' }).delete()
  const { id: lines_id } = await here.db('own_lines').where({ label: '试模记录' }).first('id')
  const trial = { record_id: 1, position: 0, l1: '首次,试模', l2_micros: 1_500_000, l3_cents: -5 }
  await here.db(`own_lines_${lines_id}`).insert(trial)
  await here.db('module_keys').insert({ module: own, rule: 0, value_key: 'm-01', record_id: 1 })
  await sealEvents(here.db, here.config)
  const { location = '' } = await here.admin.post('/maintenance/archive')
  await here.app.runJobs()
  const [archive] = await listArchives(here.folder)
  if (!archive) throw new Error((await here.admin.get(location)).text)
  return { here, file, archive, own }
}

type Change = (manifest: Manifest) => void
type Content = { path: string; of: (content: string) => string }

/** The same archive with another word about itself, or with other content of one of its files. */
async function rewritten(from: string, to: string, folder: string, change: Change, other?: Content) {
  const secretKeyFile = join(folder, 'secret.key')
  const { manifest, read, close } = await openBackup(from, { secretKeyFile, expected: format })
  const parts: Part[] = []
  for (const [index, file] of manifest.files.entries()) {
    const source = join(folder, `${to.split('/').at(-1)}-${index}`)
    await read(file, source)
    if (file.path === other?.path) writeFileSync(source, other.of(readFileSync(source, 'utf8')))
    parts.push({ path: file.path, source, bytes: statSync(source).size })
  }
  close()
  change(manifest)
  const { seal } = openSecrets(secretKeyFile).sealer('backups')
  const describe = (files: Manifest['files']) => ({ ...manifest, files })
  await pack(to, { parts, describe, seal, signal: new AbortController().signal })
}

async function takeIn(there: Company, name: string, form: Record<string, string> = { without_key: 'true' }) {
  const answer = await there.admin.post(`/maintenance/archive/${name}/import`, form)
  await pause(20)
  while (there.app.door.isClosed) await pause(10)
  return answer
}

t.test('everything goes out of one database and into another, and says the same there', async (t) => {
  const { here, file, archive, own } = await archived(t)
  const folder = newFolder(t)
  copyFileSync(here.config.secretKeyFile, join(folder, 'secret.key'))
  const there = await company(t, folder)
  t.equal((await upload(there.admin, '/maintenance/archive/uploads', readFileSync(archive.path), 'x.zip')).status, 303)
  const [uploaded] = await listArchives(there.folder)
  t.notMatch((await there.admin.get('/maintenance/archive')).text, text.backups.foreign.uploaded, 'made with this key')
  for (const number of [1, 2, 3, 4]) await there.admin.post('/competitors', { name: `先有的对手${number}` })
  t.match((await there.admin.get('/maintenance/archive')).text, t_.take)
  t.equal((await takeIn(there, uploaded?.name ?? '')).status, 303)
  for (const table of ['customers', 'contacts', 'customer_tags', 'files', 'users', 'roles', 'event_links', 'tags']) {
    const order = table === 'customer_tags' ? 'customer_id' : table === 'event_links' ? 'sequence' : 'id'
    const [theirs, ours] = [await there.db(table).orderBy(order), await here.db(table).orderBy(order)]
    // Its own log goes on behind the one that came.
    if (table === 'event_links') theirs.splice(ours.length)
    t.strictSame(table === 'users' ? theirs.length : theirs, table === 'users' ? ours.length : ours, table)
  }
  for (const table of ['second_factors', 'recovery_codes', 'secret_keys']) {
    const rows = await here.db(table)
    t.ok(rows.length > 0)
    t.strictSame(await there.db(table), rows, `${table}: its key is the same`)
  }
  const records = await there.db(own).orderBy('id')
  t.equal(records.length, 2)
  t.strictSame(records, await here.db(own).orderBy('id'), 'a module that rows define comes with its table')
  const { id: lines_id } = await there.db('own_lines').where({ label: '试模记录' }).first('id')
  const lines = `own_lines_${lines_id}`
  t.strictSame(await there.db(lines), await here.db(lines), 'with that of its lines')
  t.equal((await there.db(lines)).length, 1)
  t.match(await there.db('module_keys').where({ module: own }), [{ value_key: 'm-01', record_id: 1 }])
  const indexesOf = ({ db }: Company, table: string) =>
    db('sqlite_master').where({ tbl_name: table, type: 'index' }).orderBy('name').pluck('sql')
  for (const table of [own, lines]) t.strictSame(await indexesOf(there, table), await indexesOf(here, table), table)
  t.equal((await there.db('sqlite_sequence').where({ name: own }).first('seq')).seq, 3)
  const living = records.filter(({ deleted_at }) => deleted_at === null).map(({ id }) => id)
  t.equal(living.length, 1)
  t.strictSame(await there.db('module_search_texts').where({ module: own }).pluck('record_id'), living, 'and is found')
  t.equal(readFileSync(file.path.replace(here.folder, there.folder), 'utf8'), '第一份合同')
  const admin = await there.signIn()
  t.match((await admin.get('/customers?q=逗号')).text, '引号', 'the search was made anew')
  t.strictSame(
    await there.db('module_search_texts').where({ module: 'competitors' }).orderBy('id').pluck('record_id'),
    await here.db('competitors').orderBy('id').pluck('id'),
    'and knows nothing of what stood here before',
  )
  t.match((await admin.get('/audit-log?record_type=archive')).text, t_.rowCount)
  t.match(
    await there.db('events').where({ record_type: 'archive', action: 'upload' }),
    [{ record_name: uploaded?.name }],
    'what was done here before is carried over',
  )
  await sealEvents(there.db, there.config)
  await admin.post('/audit-log/verification')
  await there.app.runJobs()
  t.match((await admin.get('/audit-log/verification')).text, text.auditLog.verification.passedShort)
  const next = await addCustomer({ ...there, admin }, '新公司')
  t.equal(next.status, 303)
  const [last] = await here.db('sqlite_sequence').where({ name: 'customers' })
  t.equal((await there.db('customers').max({ id: 'id' }).first())?.id, last.seq + 1, 'no number comes a second time')
  await there.db.raw('pragma foreign_key_check').then((broken) => t.strictSame(broken, []))
  const refused = await admin.get(`/maintenance/archive/${uploaded?.name}/import`)
  t.match(refused.text, t_.problems.used)
  t.equal((await admin.post(`/maintenance/archive/${uploaded?.name}/import`)).status, 409)
})

t.test('an archive holds one moment, and others go on working while it is written', async (t) => {
  const here = await company(t)
  await addCustomer(here, '先有的公司')
  const path = join(here.folder, 'moment.zip')
  let saving: Promise<unknown> | undefined
  const watch = {
    by: '测试',
    tell: () => {
      saving ??= addCustomer(here, '其间的公司')
    },
    signal: new AbortController().signal,
  }
  const writing = writeArchive(here.config, path, `${path}.unfinished`, watch)
  while (!saving) await pause(1)
  t.equal(await Promise.race([saving.then(() => 'saved'), writing.then(() => 'written')]), 'saved')
  t.equal((await writing).tables.customers?.rows, 1)
  t.strictSame(await customerNames(here), ['先有的公司', '其间的公司'])
  const there = await company(t)
  const told: number[] = []
  const tell = (done: number) => void told.push(done)
  await readArchive(there.config, there.db, path, { actor: operator, withoutKey: true, tell })
  t.ok(told.includes(60), 'how far the rows are is told')
  t.strictSame(
    told,
    told.toSorted((a, b) => a - b),
  )
  t.strictSame(await customerNames(there), ['先有的公司'], 'taken in, most of its tables without a row')
})

t.test('an archive that does not say what it said is taken back as a whole', async (t) => {
  const { here, archive, own } = await archived(t)
  const there = await company(t)
  const altered = readFileSync(archive.path)
  const at = Math.floor(altered.length / 3)
  altered[at] = (altered[at] as number) ^ 0x20
  const path = join(there.folder, 'altered.zip')
  writeFileSync(path, altered)
  await t.rejects(readArchive(there.config, there.db, path, { actor: operator, withoutKey: true }))
  t.strictSame(await customerNames(there), [])
  t.equal((await there.db('users')).length, 1)
  await t.rejects(readArchive(there.config, there.db, archive.path, { actor: operator }), {
    message: /另一把密钥/,
  })
  const lying = join(there.folder, 'lying.zip')
  await rewritten(archive.path, lying, there.folder, (manifest) => {
    const { customers } = (manifest as ArchiveManifest).tables
    if (customers) customers.checksum = '0'.repeat(64)
  })
  await t.rejects(readArchive(there.config, there.db, lying, { actor: operator, withoutKey: true }), {
    message: /表 customers 与迁移文件不符/,
  })
  const moved = join(there.folder, 'moved.zip')
  const cheaper = { path: `tables/${own}.csv`, of: (csv: string) => csv.replace('300050', '300051') }
  await rewritten(archive.path, moved, there.folder, () => {}, cheaper)
  await t.rejects(readArchive(there.config, there.db, moved, { actor: operator, withoutKey: true }), {
    message: new RegExp(`表 ${own} 与迁移文件不符`),
  })
  t.notOk(await there.db.schema.hasTable(own), 'nor does the table of a module that rows define stay')
  const other = join(there.folder, 'other.zip')
  await rewritten(archive.path, other, there.folder, ({ migrations }) => void migrations.pop())
  await t.rejects(readArchive(there.config, there.db, other, { actor: operator, withoutKey: true }), {
    message: t_.problems.otherVersion('0.1.0'),
  })
  t.strictSame(await customerNames(there), [])
  await upload(there.admin, '/maintenance/archive/uploads', readFileSync(lying), 'x.zip')
  const [uploaded] = await listArchives(there.folder)
  t.equal((await takeIn(there, uploaded?.name ?? '')).status, 303)
  const after = await there.admin.get('/maintenance/archive')
  t.match(after.page.querySelector('#flash')?.text, /表 customers 与迁移文件不符/, 'and whoever began it is told')
  t.strictSame(await customerNames(there), [])
  t.match(
    (await upload(there.admin, '/maintenance/archive/uploads', readFileSync(join(here.folder, 'secret.key')), 'x.zip'))
      .status,
    422,
  )
  const busy = await company(t)
  await addCustomer(busy, '已有的公司')
  await t.rejects(readArchive(busy.config, busy.db, archive.path, { actor: operator, withoutKey: true }), {
    message: t_.problems.used,
  })
})

t.test('at the machine: npm run archive', async (t) => {
  const { here } = await archived(t)
  const target = join(newFolder(t), 'new', 'folder')
  const file = join(target, 'all.zip')
  const run = (dataDir: string, ...words: string[]) => {
    const { PATH = '' } = process.env
    const env = { PATH, DATA_DIR: dataDir }
    const cwd = new URL('../../../', import.meta.url)
    return spawnSync(process.execPath, ['src/program/archive-command.ts', ...words], { cwd, env, encoding: 'utf8' })
  }
  const out = run(here.folder, 'out', file)
  t.equal(out.status, 0, out.stderr)
  t.match(out.stdout, /customers +\d+ +[0-9a-f]{16}/)
  t.match(run(here.folder, 'out', file).stdout, t_.command.exists(file))
  t.match(run(target, 'in', file).stdout, /密钥/, 'the key is another one')
  const taken = run(target, 'in', file, '--without-key')
  t.equal(taken.status, 0, taken.stdout + taken.stderr)
  t.match(taken.stdout, out.stdout.split('\n')[0], 'the same sums')
  t.match(taken.stdout, text.backups.foreign.warning(text.backups.origins.elsewhere))
  t.match(taken.stdout, text.backups.accessChanges.added)
  const db = openDatabase(readConfig({ DATA_DIR: target }).database)
  for (const table of ['second_factors', 'recovery_codes', 'sessions', 'devices'])
    t.strictSame(await db(table), [], `${table}: of no use without the key`)
  await db.destroy()
  t.match(run(target, 'in', file).stdout, t_.problems.used)
  t.equal(run(target).status, 1)
  t.match(run(target, 'in', join(target, 'none.zip')).stdout, t_.command.missing(join(target, 'none.zip')))
})

t.test('rows with one key that may stand once are named before anything is taken in', async (t) => {
  const { here, archive, own } = await archived(t)
  const there = await company(t)
  const path = join(there.folder, 'repeated.zip')
  const [first, second] = await here.db('customers').orderBy('id').select('id', 'code', 'code_key')
  const twice = (csv: string) => csv.replaceAll(second.code_key, first.code_key)
  await rewritten(archive.path, path, there.folder, () => {}, { path: 'tables/customers.csv', of: twice })
  const settings = await there.db('settings').orderBy('name')
  await t.rejects(readArchive(there.config, there.db, path, { actor: operator, withoutKey: true }), {
    message: new RegExp(`customers.*「${first.code}」\\(id ${first.id}\\)、「${second.code}」\\(id ${second.id}\\)`),
  })
  t.strictSame(await customerNames(there), [])
  t.strictSame(await there.db('settings').orderBy('name'), settings, 'nothing was touched')
  t.equal((await there.db('users')).length, 1)
  const again = join(there.folder, 'again.zip')
  const same = (csv: string) => csv.replace('"注塑模,二""号","注塑模,二""号"', '"注塑模,二""号",注塑模一号')
  await rewritten(archive.path, again, there.folder, () => {}, { path: `tables/${own}.csv`, of: same })
  await t.rejects(readArchive(there.config, there.db, again, { actor: operator, withoutKey: true }), {
    message: new RegExp(`${own}.*「注塑模一号」`),
  })
})

t.test(
  'an archive made elsewhere is taken in by those only who give roles, after they saw who comes with it',
  async (t) => {
    const { archive } = await archived(t)
    const there = await company(t)
    await upload(there.admin, '/maintenance/archive/uploads', readFileSync(archive.path), 'x.zip')
    const [uploaded] = await listArchives(there.folder)
    t.match((await there.admin.get('/maintenance/archive')).text, text.backups.foreign.uploaded)
    const address = `/maintenance/archive/${uploaded?.name}/import`
    const shown = await there.admin.get(address)
    t.match(shown.text, text.backups.foreign.warning(text.backups.origins.elsewhere))
    t.match(shown.text, text.backups.accessChanges.added)
    const roleOf = async (code: string) => (await there.db('roles').where({ code }).first('id')).id as number
    await there.db('user_roles').update({ role_id: await roleOf('system_administrator') })
    await bumpRevision(there.db)
    const page = await there.admin.get(address)
    t.match(page.text, text.backups.foreign.refused(text.backups.origins.elsewhere))
    t.notOk(page.page.querySelector('button.danger'))
    t.equal((await there.admin.post(address, { without_key: 'true' })).status, 403)
    t.strictSame(await customerNames(there), [])
  },
)
