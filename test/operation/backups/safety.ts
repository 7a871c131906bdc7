import { copyFileSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { keepNewest } from '../../../src/operation/backups/place.ts'
import { cleanups } from '../../../src/operation/cleanup/kinds.ts'
import { hashPassword } from '../../../src/people/users/password.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { text } from '../../../src/texts/index.ts'
import { browser, password } from '../../fixtures/app.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { addCustomer, backUp, type Company, company, exchange, prepare } from './fixtures/company.ts'
import { forged, ownKey } from './fixtures/forging.ts'

const { safetyKept: kept } = text.backups
const cleanupPath = '/maintenance/cleanup'

/** A company with two administrators, of whom 王管理 restored a backup. */
async function restored(t: Test) {
  const first = await company(t)
  const password_hash = await hashPassword(password, { memory: 1024, passes: 1, parallelism: 1 })
  const id = await insertUser(first.db, userRow({ username: 'other', name: '另一位', password_hash }))
  const { id: role_id } = await first.db('roles').where({ code: 'administrator' }).first('id')
  await first.db('user_roles').insert({ user_id: id, role_id })
  const name = await backUp(first)
  const { look } = await prepare(first, name)
  await exchange(first, look)
  const here = { ...first, admin: await first.signIn() }
  const safety = here.names().find((one) => one.includes('safety')) as string
  return { here, other: await here.signIn('other'), name, safety }
}

/** The same backup as if it were older. */
function aged({ folder }: Company, name: string, day: string): string {
  const old = name.replace(/\d{8}/, day)
  renameSync(join(folder, 'backups', name), join(folder, 'backups', old))
  return old
}

t.test('the backup made before a restoration is not deleted for a month, and never by who ordered it', async (t) => {
  const { here, other, safety } = await restored(t)
  for (const one of [here.admin, other]) {
    const page = await one.get(`/maintenance/backups/${safety}/deletion`)
    t.match(page.text, /30 天内（到 .*）谁也不能删除/)
    t.notOk(page.page.querySelector('button.danger'), 'and no button')
    t.equal((await one.post(`/maintenance/backups/${safety}/deletion`)).status, 409)
  }
  const old = aged(here, safety, '20260101')
  const refused = await here.admin.post(`/maintenance/backups/${old}/deletion`)
  t.equal(refused.status, 409)
  t.match(refused.text, kept.own)
  t.match((await here.admin.get(`/maintenance/backups/${old}/deletion`)).text, kept.own)
  t.equal((await other.post(`/maintenance/backups/${old}/deletion`)).status, 303, 'another one may, after a time')
  t.notOk(here.names().includes(old))
})

t.test('neither the number that is kept nor a cleanup takes it away before', async (t) => {
  const { here, safety, name } = await restored(t)
  const { look } = await prepare(here, name)
  await exchange(here, look)
  await keepNewest(here.folder, 1)
  t.equal(here.names().filter((one) => one.includes('safety')).length, 2)
  const old = aged(here, safety, '20260101')
  const backups = cleanups().find(({ code }) => code === 'backups')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  await backups?.removeFiles?.(here.config, tomorrow)
  t.ok(here.names().includes(old), 'a cleanup never')
  t.strictSame(await keepNewest(here.folder, 1), [old], 'an old one beyond the number goes by itself')
})

t.test('the sign-in says for some days that data were restored, to when, by whom', async (t) => {
  const { here } = await restored(t)
  const anyone = browser(here.app, {})
  const said = /数据已还原到 [\d-]+ [\d:]+ 的备份（系统管理员，[\d-]+ [\d:]+）/
  t.match((await anyone.get('/login')).text, said)
  t.match((await anyone.post('/login', { username: 'mr', password: 'x' })).text, said, 'also after a wrong password')
  const { id } = await here.db('events').where({ action: 'restore-backup' }).first('id')
  await here
    .db('events')
    .where({ id })
    .update({ occurred_at: new Date(Date.now() - 5 * 86_400_000).toISOString() })
  t.notMatch((await anyone.get('/login')).text, '数据已还原')
  const fresh = await company(t)
  t.notMatch((await browser(fresh.app, {}).get('/login')).text, '数据已还原')
})

t.test(
  'a cleanup wants a backup of the present data: made here, since the last restoration, and as it was made',
  async (t) => {
    const { here, name } = await restored(t)
    const mayCleanUp = async () =>
      (await here.admin.get(cleanupPath)).text.includes(text.cleanup.recent('').slice(0, 6))
    t.notOk(await mayCleanUp(), 'neither the one that was restored nor the one made before it')
    const refused = await here.admin.post(cleanupPath, { kinds: ['jobs'], day: '2025-01-01' })
    t.match(refused.text, text.cleanup.noBackup)
    await upload(here.admin, '/maintenance/backups/uploads', readFileSync(join(here.folder, 'backups', name)), 'x.zip')
    t.notOk(await mayCleanUp(), 'nor one that was uploaded')
    const made = await backUp(here)
    t.ok(await mayCleanUp())
    const place = join(here.folder, 'backups', made)
    const good = join(here.folder, 'good.zip')
    copyFileSync(place, good)
    copyFileSync(join(here.folder, 'backups', name), place)
    t.notOk(await mayCleanUp(), 'nor another file under its name')
    copyFileSync(await forged(here, name, { seal: ownKey(here.folder) }), place)
    t.notOk(await mayCleanUp())
    copyFileSync(good, place)
    t.ok(await mayCleanUp())
    await here.db('events').where({ record_name: made }).update({ occurred_at: '2026-01-01T00:00:00.000Z' })
    t.notOk(await mayCleanUp(), 'nor an old one')
  },
)

t.test('a restored database keeps no selection of a mailing that was under way, and that of a draft', async (t) => {
  const here = await company(t)
  await addCustomer(here, '收件人')
  const { id: user_id } = await here.db('users').where({ username: 'mr' }).first('id')
  const now = new Date().toISOString()
  const selected = async () => {
    const row = { user_id, created_at: now, list: '/customers', query: '', row_count: 1, is_whole: false }
    return (await here.db('selections').insert(row).returning('id'))[0].id as number
  }
  const mailing = async (started_at: string | null) => {
    const base = { subject: '报价', body: '您好', without_address_count: 0, repeated_count: 0, user_id, version: 1 }
    const at = { created_at: now, updated_at: now, started_at, selection_id: await selected() }
    return (
      await here
        .db('mailings')
        .insert({ ...base, ...at })
        .returning('id')
    )[0].id as number
  }
  const [draft, begun] = [await mailing(null), await mailing(now)]
  const { look } = await prepare(here, await backUp(here))
  await exchange(here, look)
  const selectionOf = async (id: number) => (await here.db('mailings').where({ id }).first()).selection_id
  t.equal(await selectionOf(begun), null, 'its people are not written to a second time')
  t.ok(await selectionOf(draft))
})
