import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fitSecrets, openSecrets, SecretKeyError } from '../src/secrets.ts'
import { text } from '../src/texts/index.ts'
import { beginNewKey } from '../src/users/restore.ts'
import { Refusal } from '../src/web/refusal.ts'
import { openTestDatabase } from './fixtures/database.ts'
import { refusedStart, startServer } from './fixtures/server.ts'

t.test('what is encrypted comes back, for the same purpose only, and never the same twice', async (t) => {
  const file = join(t.testdir(), 'secret.key')
  const secrets = openSecrets(file)
  t.notOk(existsSync(file), 'made when it is needed')
  const sealed = secrets.encrypt('口令 𠮷', 'mail 7')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.not(sealed, secrets.encrypt('口令 𠮷', 'mail 7'))
  t.equal(openSecrets(file).decrypt(sealed, 'mail 7'), '口令 𠮷')
  const parts = sealed.split('.')
  const changed = [...parts.slice(0, 3), `${parts[3]?.slice(0, -3)}AAA`].join('.')
  for (const wrong of [
    () => secrets.decrypt(sealed, 'mail 8'),
    () => secrets.decrypt(changed, 'mail 7'),
    () => secrets.decrypt('', 'x'),
    () => secrets.decrypt('v1.a.b.c', 'x'),
  ])
    t.throws(wrong, Refusal)
  t.equal(secrets.mark('a', 'x'), openSecrets(file).mark('a', 'x'))
  t.not(secrets.mark('a', 'x'), secrets.mark('a', 'y'))
  t.not(secrets.mark('a', 'x'), openSecrets(`${file}2`).mark('a', 'x'))
})

t.test('a second key in the file takes over, the first still opens', async (t) => {
  const folder = t.testdir()
  const [one, two] = [join(folder, 'one'), join(folder, 'two')]
  const sealed = openSecrets(one).encrypt('old', 'x')
  openSecrets(two).encrypt('', '')
  writeFileSync(one, readFileSync(two, 'utf8') + readFileSync(one, 'utf8'))
  const both = openSecrets(one)
  t.equal(both.keyIds.length, 2)
  t.equal(both.decrypt(sealed, 'x'), 'old')
  t.equal(openSecrets(two).decrypt(both.encrypt('new', 'x'), 'x'), 'new')
  t.throws(() => openSecrets(two).decrypt(sealed, 'x'), Refusal)
})

t.test('a file that cannot be read or holds no keys says so', async (t) => {
  const folder = t.testdir({ short: 'abc\n', empty: '', folder: {} })
  for (const name of ['short', 'empty'])
    t.throws(
      () => openSecrets(join(folder, name)).encrypt('', ''),
      new SecretKeyError(text.server.secretKeyMalformed(join(folder, name))),
    )
  for (const [file, code] of [
    [join(folder, 'folder'), 'EISDIR'],
    [join(folder, 'nowhere', 'key'), 'ENOENT'],
  ] as const)
    t.throws(() => openSecrets(file).keyIds, new SecretKeyError(text.server.secretKeyUnreadable(file, code)))
})

t.test('the key file has to be the one the database was written with', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const [one, two] = [join(t.testdir(), 'one'), join(t.testdir(), 'two')]
  await fitSecrets(db, one, openSecrets(one))
  await fitSecrets(db, one, openSecrets(one))
  t.equal((await db('secret_keys')).length, 1)
  await t.rejects(fitSecrets(db, two, openSecrets(two)), new SecretKeyError(text.server.secretKeyGone(two)))
  t.notOk(existsSync(two), 'and makes no new one')
  openSecrets(two).encrypt('', '')
  await t.rejects(fitSecrets(db, two, openSecrets(two)), new SecretKeyError(text.server.secretKeyOther(two)))
  await beginNewKey(db)
  await fitSecrets(db, two, openSecrets(two))
})

t.test('a server makes its key at the first start, and does not start without it later', async (t) => {
  const dataDir = t.testdir()
  const file = join(dataDir, 'secret.key')
  const first = await startServer(t, { DATA_DIR: dataDir })
  t.equal(statSync(file).mode & 0o777, 0o600)
  await first.end('SIGTERM')
  const key = readFileSync(file)
  rmSync(file)
  const gone = await refusedStart(t, { DATA_DIR: dataDir })
  t.equal(gone.code, 1)
  t.equal(gone.errors.trim(), text.server.secretKeyGone(file))
  const elsewhere = join(dataDir, 'kept')
  writeFileSync(elsewhere, key)
  chmodSync(elsewhere, 0o600)
  const again = await startServer(t, { DATA_DIR: dataDir, SECRET_KEY_FILE: elsewhere })
  t.equal(await again.end('SIGTERM'), 0)
})
