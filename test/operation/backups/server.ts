import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../../src/config.ts'
import { backupStatement, restoreOnServer } from '../../../src/kernel/db/server-backup.ts'
import { bringInEntries } from '../../../src/operation/audit-log/carry-over.ts'
import { backUpServer, serverFacts } from '../../../src/operation/backups/server.ts'
import { removeOldStaged } from '../../../src/operation/backups/staging.ts'
import { openBackup } from '../../../src/operation/backups/unpack.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { recordingServer } from '../../fixtures/recording-mssql.ts'

const place = 'mssql://kehu:secret@db:1433/kehu'
const made = { way: 'manual', by: '甲', company: '公司' } as const
const allowed = { may_back_up: 1, may_restore: 1, folder: 'D:\\Backup', id: 'ab12cd34' }

t.test('SQL Server makes its own backup, the stored files go with a note of where it lies', async (t) => {
  const config = readConfig({ DATABASE_URL: place, DATA_DIR: newFolder(t, { files: {} }) })
  const { db, seen } = recordingServer(allowed)
  await removeOldStaged(config, 0)
  const name = await backUpServer(db, config, made)
  const said = seen.map(({ sql }) => sql)
  const file = `D:\\Backup\\${name.replace('.zip', '.bak')}`
  t.ok(said.includes(`backup database [kehu] to disk = N'${file}' with copy_only, checksum, init`))
  t.ok(said.includes(`restore verifyonly from disk = N'${file}' with checksum`), 'and reads it through')
  const { manifest, close } = await openBackup(join(config.dataDir, 'backups', name), config)
  close()
  t.match(manifest, { serverFile: file, files: [], keys: ['ab12cd34'], way: 'manual' })
})

t.test('where the account may not, it says what to ask for', async (t) => {
  const config = readConfig({ DATABASE_URL: place, DATA_DIR: newFolder(t) })
  const { db, seen } = recordingServer({ may_back_up: 0, may_restore: 0, folder: '/var/opt/mssql/backup' })
  await t.rejects(backUpServer(db, config, made), { message: /db_backupoperator.*backup database \[kehu\] to disk/ })
  t.notOk(seen.some(({ sql }) => /^backup/.test(sql)))
  t.notOk(existsSync(join(config.dataDir, 'backups')))
  const facts = (await serverFacts(db, config)).join('\n')
  t.match(facts, /\/var\/opt\/mssql\/backup\/kehu\.bak/)
  t.match(facts, /set single_user.*restore database \[kehu\].*set multi_user/)
})

t.test('a restoration has the database for itself and gives it back whatever happens', async (t) => {
  const { db, seen } = recordingServer()
  const { database } = readConfig({ DATABASE_URL: place, DATA_DIR: newFolder(t) })
  if (database.client !== 'mssql') throw new Error('not a server')
  let opened = ''
  await restoreOnServer(database, "D:\\it's.bak", (at) => {
    opened = at.client === 'mssql' ? at.database : ''
    return db
  })
  t.equal(opened, 'master')
  t.strictSame(
    seen.map(({ sql }) => sql),
    [
      'alter database [kehu] set single_user with rollback immediate',
      "restore database [kehu] from disk = N'D:\\it''s.bak' with replace, checksum",
      'alter database [kehu] set multi_user',
    ],
  )
  t.equal(backupStatement('a]b', 'c'), "backup database [a]]b] to disk = N'c' with copy_only, checksum, init")
})

t.test('entries of the log that are carried over a restoration keep their numbers there too', async (t) => {
  const { db, seen } = recordingServer({ id: 1, username_key: 'mr', sequence: 1 })
  const chain = { adopted_id: 0, seen_id: 9, settled_id: 9, sequence: 9, hash: 'h', sealed_at: null }
  const entry = { id: 9, occurred_at: '2026-05-04T00:00:00.000Z', action: 'update', user_id: null, record_id: null }
  const lines = [
    { isSame: true, chain, people: {}, lastIds: {} },
    { ...entry, hash: 'c', origin: null, sequence: 9, link_hash: 'h' },
  ]
  const file = join(newFolder(t), 'carried.log')
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  t.equal(await bringInEntries(db, file), 1)
  const said = seen.filter(({ sql }) => /insert into \[events\]/.test(sql)).map(({ sql }) => sql)
  t.match(said, [/^set identity_insert \[events\] on; insert into \[events\] .*; set identity_insert \[events\] off$/])
})
