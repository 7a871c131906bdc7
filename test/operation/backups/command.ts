import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { showInstant } from '../../../src/kernel/web/formatting.ts'
import { makeBackup } from '../../../src/operation/backups/making.ts'
import { listBackups } from '../../../src/operation/backups/place.ts'
import { text } from '../../../src/texts/index.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { addCustomer, backUp, backupNames, company } from './fixtures/company.ts'

const root = new URL('../../../', import.meta.url)
const c = text.backups.command

function run(dataDir: string, ...words: string[]) {
  const { PATH = '' } = process.env
  const env = { PATH, DATA_DIR: dataDir }
  return spawnSync(process.execPath, ['src/program/restore-command.ts', ...words], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
}

const namesIn = (file: string) => {
  const sqlite = new Sqlite(file)
  const names = sqlite.prepare('select name from customers').pluck().all()
  sqlite.close()
  return names
}

t.test('at the machine: on a new one, on a running one’s data, and where the database is broken', async (t) => {
  const here = await company(t)
  await addCustomer(here, '甲')
  const file = join(here.folder, 'backups', await backUp(here))
  const fresh = join(newFolder(t), 'new')
  t.match(run(fresh, file).stdout, /另一把密钥/)
  const first = run(fresh, file, '--without-key')
  t.equal(first.status, 0, first.stdout + first.stderr)
  const [made] = await listBackups(here.folder)
  t.match(first.stdout, c.done(showInstant(made?.createdAt ?? '')))
  t.strictSame(namesIn(join(fresh, 'kehu.db')), ['甲'])

  mkdirSync(join(fresh, 'backups'), { recursive: true })
  copyFileSync(join(here.folder, 'secret.key'), join(fresh, 'secret.key'))
  const second = run(fresh, file)
  t.match(second.stdout, /safety\.zip/, 'what was there is kept')

  const content = readFileSync(join(fresh, 'kehu.db'))
  writeFileSync(join(fresh, 'kehu.db'), content.fill(0x55, 4096, 40_960))
  const third = run(fresh, file)
  t.equal(third.status, 0, third.stdout + third.stderr)
  t.match(third.stdout, /改名保留/)
  t.ok(readdirSync(fresh).some((name) => name.startsWith('kehu.db.damaged-')))
  t.strictSame(namesIn(join(fresh, 'kehu.db')), ['甲'])
  t.equal(run(fresh).status, 1)
  t.match(run(fresh, '/nowhere.zip').stdout, c.missing('/nowhere.zip'))
})

t.test('a backup that is stopped leaves nothing', async (t) => {
  const here = await company(t)
  const made = { way: 'manual', by: '甲', company: '公司' } as const
  await t.rejects(makeBackup(here.config, made, { signal: AbortSignal.abort() }))
  t.strictSame(readdirSync(join(here.folder, 'backups')), ['incoming'])
  t.strictSame(readdirSync(join(here.folder, 'backups', 'incoming')), [])
})

t.test('a backup whose files cannot be read is none', async (t) => {
  const here = await company(t)
  writeFileSync(join(here.folder, 'files'), 'no folder')
  const made = { way: 'manual', by: '甲', company: '公司' } as const
  await t.rejects(makeBackup(here.config, made), { code: 'ENOTDIR' })
  t.strictSame(backupNames(here.folder), [])
})

const mount = (folder: string) => `mount -t tmpfs -o size=2m none '${folder}'`
const mayMount = spawnSync('unshare', ['-rm', 'sh', '-c', mount('/mnt')]).status === 0

t.test('on a disk that is full it says so and leaves nothing', { skip: !mayMount && 'may not mount' }, async (t) => {
  const here = await company(t)
  const folder = join(here.folder, 'backups')
  mkdirSync(folder)
  const script = `
    const { readConfig } = await import('./src/config.ts')
    const { makeBackup } = await import('./src/operation/backups/making.ts')
    const { readdirSync } = await import('node:fs')
    const config = readConfig({ DATA_DIR: ${JSON.stringify(here.folder)} })
    const made = { way: 'manual', by: '甲', company: '公司' }
    await makeBackup(config, made).catch(({ status, message }) => console.log(status, message))
    console.log(readdirSync(${JSON.stringify(folder)}).filter((name) => name.endsWith('.zip')).length)`
  const words = `${mount(folder)} && exec '${process.execPath}' --input-type=module -e "$SCRIPT"`
  const env = { PATH: process.env.PATH ?? '', SCRIPT: script }
  const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', words], { cwd: root, env, encoding: 'utf8' })
  t.match(stdout, /^503 磁盘空间不足/, stderr)
  t.match(stdout, /^0$/m)
  t.equal((await here.admin.get('/customers')).status, 200)
})
