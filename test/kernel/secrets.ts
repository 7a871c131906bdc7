import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fitSecrets, openSecrets, SecretKeyError } from '../../src/kernel/secrets.ts'
import { Refusal } from '../../src/kernel/web/refusal.ts'
import { beginNewKey } from '../../src/people/users/restore.ts'
import { text } from '../../src/texts/index.ts'
import { openTestDatabase } from '../fixtures/database.ts'
import { newFolder } from '../fixtures/folder.ts'
import { refusedStart, startServer } from '../fixtures/server.ts'

t.test('what is encrypted comes back, for the same purpose only, and never the same twice', async (t) => {
  const file = join(newFolder(t), 'secret.key')
  const secrets = openSecrets(file)
  t.notOk(existsSync(file), 'made when it is needed')
  const sealed = secrets.encrypt('密码 𠮷', 'mail 7')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.not(sealed, secrets.encrypt('密码 𠮷', 'mail 7'))
  t.equal(openSecrets(file).decrypt(sealed, 'mail 7'), '密码 𠮷')
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

t.test('a seal is an HMAC with a key derived for its purpose alone', async (t) => {
  const file = join(newFolder(t), 'secret.key')
  const secrets = openSecrets(file)
  const [id = ''] = secrets.keyIds
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  for (const [label, info] of [
    ['backups', 'kehu backup seal v1'],
    ['log', 'kehu log chain v1'],
  ] as const)
    for (const content of ['', '客户', 'x'.repeat(1_000), Buffer.from([0xff, 0, 1])]) {
      const derived = Buffer.from(hkdfSync('sha256', key, '', info, 32))
      const mac = createHmac('sha256', derived).update(content).digest('base64url')
      const sealer = secrets.sealer(label)
      t.equal(sealer.seal(content), `${id}:${mac}`)
      t.equal(sealer.look(content, `${id}:${mac}`), 'own')
      t.equal(sealer.look('another', `${id}:${mac}`), 'wrong')
      t.equal(sealer.look(content, `00000000:${mac}`), 'unknown')
      t.equal(secrets.sealer(label === 'log' ? 'backups' : 'log').look(content, `${id}:${mac}`), 'wrong')
    }
})

t.test('what earlier versions encrypted with the key itself still opens', async (t) => {
  const file = join(newFolder(t), 'secret.key')
  writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64url')}\n`)
  const [id = ''] = openSecrets(file).keyIds
  const nonce = Buffer.alloc(12, 1)
  const sealing = createCipheriv('aes-256-gcm', Buffer.alloc(32, 7), nonce).setAAD(Buffer.from('mail'))
  const sealed = Buffer.concat([sealing.update('旧密码', 'utf8'), sealing.final(), sealing.getAuthTag()])
  const old = ['v1', id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
  t.equal(openSecrets(file).decrypt(old, 'mail'), '旧密码')
  t.match(openSecrets(file).encrypt('新密码', 'mail'), /^v2\./)
})

t.test('a second key in the file takes over, the first still opens', async (t) => {
  const folder = newFolder(t)
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
  const folder = newFolder(t, { short: 'abc\n', empty: '', folder: {} })
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
  const [one, two] = [join(newFolder(t), 'one'), join(newFolder(t), 'two')]
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
  const dataDir = newFolder(t)
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
