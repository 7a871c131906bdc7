import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { text } from '../../src/texts/index.ts'
import { placeInstallation } from '../fixtures/app.ts'
import { newFolder } from '../fixtures/folder.ts'
import { until } from '../fixtures/patience.ts'
import { refusedStart, remoteBrowser, startServer } from '../fixtures/server.ts'
import { upload } from './files/fixtures/upload.ts'

const password = '足够长的密码 2026'

/** What others may do with anything in a folder, and with the folder; the program may take away what it works on meanwhile. */
const openTo = (folder: string) =>
  ['', ...(readdirSync(folder, { recursive: true }) as string[])].filter(
    (name) => ((statSync(join(folder, name), { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0,
  )

/** Whoever starts the program may let others read what he writes. */
function generous(t: Test) {
  const mask = process.umask(0)
  t.teardown(() => process.umask(mask))
}

const skip = process.platform === 'win32' && 'no such rights there'

t.test('all it ever writes is for its own account, and what an earlier version wrote too', { skip }, async (t) => {
  generous(t)
  const dataDir = join(newFolder(t), 'data')
  const settings = { DATA_DIR: dataDir, INITIAL_PASSWORD: password }
  const first = await startServer(t, settings)
  const one = await remoteBrowser(first.address, 'mr', password)
  const owner_id = '1'
  const { location } = await one.post('/customers', {
    name: '一号公司',
    kind: 'company',
    registered_on: '2026-05-04',
    owner_id,
  })
  await upload(one, `${location}/files`, 'content', '附件.txt')
  await one.post('/maintenance/backups')
  const backups = join(dataDir, 'backups')
  await until(() => existsSync(backups) && readdirSync(backups).some((name) => name.endsWith('.zip')))
  t.strictSame(openTo(dataDir), [])
  for (const part of ['kehu.db', 'kehu.db-wal', 'secret.key', 'files', 'backups'])
    t.ok(existsSync(join(dataDir, part)), part)
  await first.end('SIGTERM')
  for (const name of ['', ...(readdirSync(dataDir, { recursive: true }) as string[])]) {
    const path = join(dataDir, name)
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644)
  }
  t.ok(openTo(dataDir).length > 5)
  const second = await startServer(t, settings)
  await until(() => openTo(dataDir).length === 0)
  await second.end('SIGTERM')
})

t.test('what a killed program left half done is cleared at the next start', async (t) => {
  const dataDir = newFolder(t, { backups: { incoming: { half: 'x' } }, files: { incoming: { half: 'x' } } })
  for (const ending of ['', '-wal', '-shm']) writeFileSync(join(dataDir, `.kehu.db.staged-1${ending}`), 'x')
  mkdirSync(join(dataDir, 'backups/incoming/folder/files'), { recursive: true })
  const server = await startServer(t, { DATA_DIR: dataDir })
  t.strictSame(
    (readdirSync(dataDir, { recursive: true }) as string[]).filter((name) => /staged|incoming./.test(name)),
    [],
  )
  await server.end('SIGTERM')
})

const plain = (t: Test, answer: { code: number | null; errors: string; text: string }, sentence: string) => {
  t.equal(answer.errors.trim(), sentence)
  t.equal(answer.code, 1)
  t.equal(answer.text, '', 'and nothing beside it')
}

t.test('a database that cannot be opened says why, and what to do', async (t) => {
  const folder = newFolder(t)
  const place = async (name: string) => {
    const dataDir = join(folder, name)
    mkdirSync(dataDir)
    const file = join(dataDir, 'kehu.db')
    await placeInstallation(file)
    return { dataDir, file, start: () => refusedStart(t, { DATA_DIR: dataDir }) }
  }
  const damaged = await place('damaged')
  writeFileSync(damaged.file, Buffer.alloc(statSync(damaged.file).size - 4096, 0xa5), { flag: 'r+' })
  plain(t, await damaged.start(), text.server.databaseDamaged(damaged.file, join(damaged.dataDir, 'backups')))

  const inside = await place('inside')
  const handle = new Sqlite(inside.file)
  handle.pragma('journal_mode = DELETE')
  handle.close()
  const size = statSync(inside.file).size
  const open = openSync(inside.file, 'r+')
  writeSync(open, Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096)
  closeSync(open)
  plain(t, await inside.start(), text.server.databaseDamaged(inside.file, join(inside.dataDir, 'backups')))

  const newer = await place('newer')
  const sqlite = new Sqlite(newer.file)
  sqlite.exec("insert into knex_migrations (name, batch, migration_time) values ('29990101000000_add_all', 99, 0)")
  sqlite.close()
  plain(t, await newer.start(), text.server.databaseNewer(1))

  const folderInstead = await place('folder')
  rmSync(folderInstead.file)
  mkdirSync(folderInstead.file)
  plain(t, await folderInstead.start(), text.server.databaseClosed(folderInstead.file))
})

t.test('a log that was taken away after a crash is missed', async (t) => {
  const dataDir = newFolder(t)
  const file = join(dataDir, 'kehu.db')
  const server = await startServer(t, { DATA_DIR: dataDir, INITIAL_PASSWORD: password })
  await server.end('SIGKILL')
  t.ok(existsSync(`${file}-wal`))
  rmSync(`${file}-wal`)
  const said = await refusedStart(t, { DATA_DIR: dataDir })
  plain(t, said, text.server.logMissing(file, `${file}-wal`, `${file}-shm`))
  rmSync(`${file}-shm`)
  const again = await startServer(t, { DATA_DIR: dataDir })
  await again.end('SIGTERM')
})

const room = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const isRoom = spawnSync('unshare', [...room, 'mount -t tmpfs tmpfs /mnt']).status === 0

t.test(
  'a disk that is full or read-only at the start',
  { skip: !isRoom && 'no disk can be mounted here' },
  async (t) => {
    const dataDir = newFolder(t)
    const start = (before: string) => {
      const { PATH = '' } = process.env
      const env = { PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, NODE: process.execPath }
      const command = `mount -t tmpfs -o size=300k tmpfs "$DATA_DIR" && ${before} && exec "$NODE" src/server.ts`
      const { status, stderr, stdout } = spawnSync('unshare', [...room, command], { env, encoding: 'utf8' })
      return { code: status, errors: stderr, text: stdout }
    }
    plain(t, start('true'), text.server.diskFull(dataDir))
    plain(t, start('mount -o remount,ro "$DATA_DIR"'), text.server.databaseClosed(join(dataDir, 'kehu.db')))
  },
)
