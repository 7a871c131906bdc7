import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { contentHash } from '../../../src/kernel/history/chain.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import { hashPassword } from '../../../src/people/users/password.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { password } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { verify } from '../audit-log/fixtures/log.ts'
import { addCustomer, backUp, type Company, company, exchange, prepare } from './fixtures/company.ts'

const whole = '完好：没有日志被改动、删除或添加。'

/** Restores a backup and signs in anew. */
async function restore(here: Company, name: string, form: Record<string, string> = {}): Promise<Company> {
  const { look, said } = await prepare(here, name, form)
  if (!look) throw new Error(said)
  await exchange(here, look)
  return { ...here, admin: await here.signIn() }
}

/** With a log that is linked, as it is everywhere seconds after the first start. */
async function sealedBackup(here: Company): Promise<string> {
  await sealEvents(here.db, here.config)
  return backUp(here)
}

const created = async ({ db }: Company): Promise<string[]> =>
  db('events').where({ action: 'create', record_type: 'customers' }).orderBy('id').pluck('record_name')

t.test('what was done since the backup stays in the log, whatever is restored in which order', async (t) => {
  const first = await company(t)
  await addCustomer(first, '甲')
  const older = await sealedBackup(first)
  await addCustomer(first, '乙')
  const newer = await sealedBackup(first)
  await addCustomer(first, '丙')
  let here = await restore(first, older)
  t.strictSame(await created(here), ['甲', '乙', '丙'])
  t.match(await verify(here.admin), whole)
  await addCustomer(here, '丁')
  here = await restore(here, older)
  t.strictSame(await created(here), ['甲', '乙', '丙', '丁'], 'twice')
  t.match(await verify(here.admin), whole)
  here = await restore(here, newer)
  await addCustomer(here, '戊')
  here = await restore(here, older)
  t.strictSame(await created(here), ['甲', '乙', '丙', '丁', '戊'], 'an older one after a newer one')
  t.match(await verify(here.admin), whole)
  t.equal((await here.db('events').where({ action: 'restore-backup' })).length, 4)
  const log = await here.admin.get('/audit-log?action=restore-backup')
  t.match(log.text, '转入的较新日志条数')
  await addCustomer(here, '己')
  const ids: number[] = await here.db('events').where({ action: 'create', record_type: 'customers' }).pluck('record_id')
  t.equal(new Set(ids).size, ids.length, 'and no record gets the number, and with it the history, of one that is gone')
})

t.test('people whom the restored data do not know keep their entries, by name', async (t) => {
  const first = await company(t)
  const name = await sealedBackup(first)
  const password_hash = await hashPassword(password, { memory: 1024, passes: 1, parallelism: 1 })
  const id = await insertUser(first.db, userRow({ username: 'new', name: '新来的', password_hash }))
  const { id: role_id } = await first.db('roles').where({ code: 'administrator' }).first('id')
  await first.db('user_roles').insert({ user_id: id, role_id })
  await bumpRevision(first.db)
  await addCustomer({ ...first, admin: await first.signIn('new') }, '她的客户')
  const here = await restore(first, name)
  t.notOk(await here.db('users').where({ id }).first())
  const event = await here.db('events').where({ record_name: '她的客户' }).first()
  t.match(event, { user_id: null, user_name: '新来的', origin: JSON.stringify({ user_id: id }) })
  t.equal(event.hash, contentHash(event))
  t.match(await verify(here.admin), whole)
  await here
    .db('events')
    .where({ id: event.id })
    .update({ origin: JSON.stringify({ user_id: 1 }) })
  t.match(await verify(here.admin), `（编号 ${event.id}）的内容或校验值被改动`, 'nobody makes it another one’s')
})

t.test('the log of another database goes on behind that of the backup, with new numbers', async (t) => {
  const there = await company(t)
  await addCustomer(there, '别处的客户')
  const name = await sealedBackup(there)
  const folder = newFolder(t)
  copyFileSync(there.config.secretKeyFile, join(folder, 'secret.key'))
  const first = await company(t, folder)
  await addCustomer(first, '这里的客户')
  await upload(first.admin, '/maintenance/backups/uploads', readFileSync(join(there.folder, 'backups', name)), 'x.zip')
  const [uploaded = ''] = first.names()
  const here = await restore(first, uploaded)
  t.strictSame(await created(here), ['别处的客户', '这里的客户'])
  const event = await here.db('events').where({ record_name: '这里的客户' }).first()
  t.match(event, { record_id: null, origin: '{"record_id":1}' }, 'which is not the customer of that number here')
  t.match(await verify(here.admin), whole)
})

t.test('a log that cannot be read leaves a gap that every check names', async (t) => {
  const first = await company(t)
  await addCustomer(first, '甲')
  const name = await sealedBackup(first)
  await addCustomer(first, '乙')
  t.match(await verify(first.admin), whole)
  await sealEvents(first.db, first.config)
  const { look } = await prepare(first, name)
  await first.db.schema.renameTable('event_links', 'gone')
  await exchange(first, look)
  const here = { ...first, admin: await first.signIn() }
  t.strictSame(await created(here), ['甲'], 'the data go before the log')
  t.match(await verify(here.admin), '与数据库外记录的末尾不符')
  t.match(await verify(here.admin), '与数据库外记录的末尾不符')
})
