import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { findChain } from '../../../src/operation/audit-log/chain.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import { text } from '../../../src/texts/index.ts'
import { addCustomer, backUp, company, customerNames, exchange, prepare } from './fixtures/company.ts'
import { addFileTo } from './fixtures/files.ts'

t.test('a backup takes everything back: rows, files, search, rights; and keeps what it replaces', async (t) => {
  const here = await company(t)
  await addCustomer(here, '备份前公司')
  const { path, content } = await addFileTo(here, 1, '合同.txt', '第一份合同')
  const name = await backUp(here)
  await addCustomer(here, '备份后公司')
  const later = await addFileTo(here, 2, '新合同.txt', '第二份合同')
  const { look } = await prepare(here, name)
  const page = await here.admin.get(look)
  t.match(page.text, /客户21 联系人00 联系记录00 供应商00.*附件和照片21/, 'says what it replaces')
  t.equal((await exchange(here, look)).status, 303)
  t.strictSame(await customerNames(here), ['备份前公司'])
  t.equal(readFileSync(path, 'utf8'), content)
  t.notOk(existsSync(later.path), 'what the restored data do not know is gone')
  t.equal((await here.admin.get('/customers')).location?.startsWith('/login'), true, 'everybody signs in anew')
  const again = await here.signIn()
  t.match((await again.get('/customers?q=备份前')).text, '备份前公司')
  t.notMatch((await again.get('/customers')).text, '备份后公司')
  const list = await again.get('/maintenance/backups')
  t.match(list.text, text.backups.ways.safety, 'the present data were backed up first')
  t.strictSame(readdirSync(join(here.folder, 'backups', 'incoming')), [])
  t.strictSame(
    readdirSync(here.folder).filter((one) => one.includes('staged')),
    [],
  )
  t.match((await again.get('/audit-log?record_type=backups')).text, text.actions['restore-backup'])
  const [{ foreign_keys }] = await here.db.raw('pragma foreign_keys')
  t.equal(foreign_keys, 1, 'the reopened database is set up as before')
  await sealEvents(here.db, here.config)
  t.ok((await findChain(here.db)).sequence > 0, 'and the log goes on')

  const safety = here.names().find((one) => one.includes('safety')) as string
  const now = { ...here, admin: again }
  const second = await prepare(now, safety)
  await exchange(now, second.look)
  t.strictSame(await customerNames(here), ['备份前公司', '备份后公司'], 'the way back')
  t.equal(readFileSync(later.path, 'utf8'), '第二份合同')
})

t.test('nothing is held in memory of the data of before', async (t) => {
  const here = await company(t)
  const name = await backUp(here)
  await here.db.transaction((trx) => changeSettings(trx, { companyName: '后来的名字' }))
  t.match((await here.admin.get('/customers')).text, '后来的名字')
  const { look } = await prepare(here, name)
  await exchange(here, look)
  t.notMatch((await (await here.signIn()).get('/customers')).text, '后来的名字')
})

t.test('work that was under way when the backup was made is not done a second time', async (t) => {
  const here = await company(t)
  const user_id = (await here.db('users').first('id')).id
  const now = new Date().toISOString()
  const job = {
    kind: 'no-such',
    title: '群发',
    state: 'waiting',
    payload: '{}',
    done_count: 0,
    user_id,
    created_at: now,
  }
  const name = await backUp(here)
  await here.db('jobs').insert({ ...job, is_cancel_asked: false, takeover_count: 0 })
  const second = await backUp(here).catch(() => '')
  t.ok(name && second)
  const { look } = await prepare(here, second)
  await exchange(here, look)
  const states = await here.db('jobs').whereIn('state', ['waiting', 'running'])
  t.strictSame(states, [])
})
