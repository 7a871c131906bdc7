import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { migrateDatabase } from '../../../src/kernel/db/migrate.ts'
import { restoreAccess } from '../../../src/people/users/restore.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'
import { setUpFactor } from '../../fixtures/authenticator.ts'
import { newFolder } from '../../fixtures/folder.ts'

t.test('the operator opens the door to one who has the password, and the log has it', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { id } = await db('users').where({ username: '韩梅梅' }).first('id')
  await setUpFactor(admin)
  await admin.post(`/users/${id}/access`, { is_device_bound: 'true', allowed_addresses: '127.0.0.0/8', version: 1 })
  await db('users').where({ id }).update({ locked_until_at: '2999-01-01T00:00:00.000Z' })
  await restoreAccess(db, ' 韩梅梅 ', false)
  t.equal((await admin.get('/users')).status, 303, 'sessions end')
  const one = browser(app, {})
  t.equal((await one.post('/login', { username: '韩梅梅', password })).location, '/')
  const fresh = await restoreAccess(db, '韩梅梅', true)
  t.equal((await one.post('/login', { username: '韩梅梅', password })).status, 422)
  await one.post('/login', { username: '韩梅梅', password: fresh as string })
  t.equal((await one.get('/users')).location, '/profile/password')
  t.equal((await db('events').where({ action: 'access-restored', record_id: id })).length, 2)
  t.notMatch(JSON.stringify(await db('events')), fresh as string)
})

t.test('as a command', async (t) => {
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, ['src/people/users/restore-command.ts', ...words], {
      cwd: new URL('../../../', import.meta.url),
      env: { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(folder, 'kehu.db')}`, DATA_DIR: folder },
    }).catch((error) => error as { stdout: string; code: number })
  const folder = newFolder(t)
  t.match(await run('nobody'), { code: 1, stdout: /没有找到数据库文件/ })
  t.same(await readdir(folder), [], 'none is made')
  await migrateDatabase({ client: 'better-sqlite3', file: join(folder, 'kehu.db') })
  t.match(await run(), { code: 1, stdout: /用法/ })
  t.match(await run('nobody'), { code: 1, stdout: /没有用户名为「nobody」/ })
  t.match(await run('--new-key'), { stdout: /新的密钥/ })
})
