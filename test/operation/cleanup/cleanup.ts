import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { storedPath } from '../../../src/kernel/files/storage.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { link } from '../../../src/kernel/web/link-kind.ts'
import { cleanups } from '../../../src/operation/cleanup/kinds.ts'
import { text } from '../../../src/texts/index.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { everyRightWithin } from '../../people/roles/fixtures/people.ts'
import { addCustomer, backUp, type Company, company, customerNames } from '../backups/fixtures/company.ts'
import { addFileTo } from '../backups/fixtures/files.ts'

const c = text.cleanup
const path = '/maintenance/cleanup'
const long_ago = '2024-05-04T03:02:01.000Z'

/** Two customers in the recycle bin, one of them since long ago, with a file; a job and an import of then. */
async function worn(here: Company) {
  for (const name of ['留下', '新删的', '早删的']) await addCustomer(here, name)
  const file = await addFileTo(here, 3, '合同.txt', '旧合同')
  for (const id of [2, 3]) {
    const version = (await here.db('customers').where({ id }).first('version')).version
    await here.admin.post(`/customers/${id}/deletion`, { version })
  }
  await here.db('customers').where({ id: 3 }).update({ deleted_at: long_ago })
  const who = { user_id: 1, created_at: long_ago, done_count: 1 }
  await here.db('jobs').insert({
    ...{ kind: 'x', title: '旧任务', state: 'done', payload: '{}' },
    ...who,
    ...{ is_cancel_asked: false, takeover_count: 0 },
  })
  return file
}

/** Something that points at what hangs on a machine. */
const bills: Module = {
  ...repairs,
  name: 'bills',
  path: '/bills',
  title: 'repair_id',
  fields: [{ name: 'repair_id', label: '维修', kind: link, to: 'repairs' }],
  owner: 'nobody',
  search: [],
  files: [],
}

const order = (kinds: string[], day = '2025-01-01') => ({ kinds, day })

t.test('counts first, then all that was chosen at once, only with a backup, and in the log', async (t) => {
  const here = await company(t)
  const file = await worn(here)
  const page = await here.admin.get(`${path}?day=2025-01-01`)
  const countOf = (code: string) =>
    page.page.querySelector(`tbody tr:has(input[value=${code}])`)?.querySelectorAll('td')[1]?.text
  const byHand = ['customers', 'contacts', 'imports', 'jobs', 'mail', 'selections', 'backups', 'archives']
  t.strictSame(byHand.map(countOf), ['1', '0', '0', '1', '0', '0', '0', '0'])
  const open = page.page.querySelectorAll('input[name=kinds]:not([disabled])').map((box) => box.getAttribute('value'))
  t.strictSame(open, ['customers', 'jobs'], 'only what there is can be chosen')
  const refused = await here.admin.post(path, order(['customers', 'jobs']))
  t.equal(refused.status, 422)
  t.match(refused.text, c.noBackup)
  t.equal(refused.page.querySelectorAll('input[checked]').length, 2, 'what was chosen stays chosen')
  await backUp(here)
  const { location = '' } = await here.admin.post(path, order(['customers', 'jobs']))
  await here.app.runJobs()
  t.match((await here.admin.get(location)).text, /回收站里的客户 1，已结束的后台任务 1/)
  t.strictSame(await customerNames(here), ['留下'])
  t.strictSame(await here.db('customers').pluck('id'), [1, 2], 'what was deleted later stays in the bin')
  t.notOk(existsSync(file.path), 'its file went with it')
  t.match((await here.admin.get('/audit-log?record_type=cleanup')).text, /回收站里的客户/)
  const events = await here.db('events').where({ action: 'purge' })
  t.equal(events.length, 1, 'and the purge itself')
})

t.test('mail goes by the day it was sent on, with its attachments; drafts and what is being sent stay', async (t) => {
  const here = await company(t)
  await addCustomer(here, '收件人')
  await backUp(here)
  const { id: user_id } = await here.db('users').where({ username: 'mr' }).first('id')
  const base = { subject: '报价', body: '您好', without_address_count: 0, repeated_count: 0, user_id, version: 1 }
  const at = { created_at: long_ago, updated_at: long_ago }
  const elsewhere = { leased_by: 'other', lease_until_at: '2099-01-01T00:00:00.000Z' }
  const mailing = async (started_at: string | null, job: string | null, address: string) => {
    const ended = { kind: 'mail', title: '发送邮件', payload: '{}', user_id, created_at: long_ago, done_count: 0 }
    const row = { ...ended, state: job, is_cancel_asked: false, takeover_count: 0, ...elsewhere }
    const job_id = job && (await here.db('jobs').insert(row).returning('id'))[0].id
    const [{ id }] = await here
      .db('mailings')
      .insert({ ...base, ...at, started_at, job_id })
      .returning('id')
    const hangs = { record_type: 'customers', record_id: 1, recipient_type: 'customers', recipient_id: 1 }
    const to = { ...hangs, recipient_name: '张三', recipient_address: address, recipient_key: address }
    const message = { mailing_id: id, message_id: `<${id}@kehu>`, state: 'sent', attempt_count: 1 }
    const { subject, body } = base
    if (started_at)
      await here.db('mail_messages').insert({ ...to, ...message, user_id, subject, body, created_at: started_at })
    return id as number
  }
  const old = await mailing(long_ago, 'done', 'a@kunde.example')
  const file = await addFileTo(here, 1, '价目.txt', '旧价目')
  await here.db('files').update({ record_type: 'mailings', record_id: old })
  const kept = [
    await mailing(null, null, ''),
    await mailing(long_ago, 'running', 'b@kunde.example'),
    await mailing('2025-02-01T00:00:00.000Z', 'done', 'c@kunde.example'),
  ]
  const page = await here.admin.get(`${path}?day=2025-01-01`)
  const row = page.page.querySelector('[value=mail]')?.closest('tr')
  t.equal(row?.querySelectorAll('td')[1]?.text, '1')
  const jobs = page.page.querySelector('[value=jobs]')?.closest('tr')
  t.equal(jobs?.querySelectorAll('td')[1]?.text, '0', 'the job of a mailing stays with it')
  const { location = '' } = await here.admin.post(path, order(['jobs', 'mail']))
  await here.app.runJobs()
  t.match((await here.admin.get(location)).text, '邮件 1')
  t.strictSame(await here.db('mailings').orderBy('id').pluck('id'), kept)
  t.equal((await here.db('mail_messages')).length, 2)
  t.notOk(existsSync(file.path))
  t.match((await here.admin.get('/audit-log?record_type=cleanup')).text, '邮件')
  const next = await here.admin.post(path, order(['jobs']))
  await here.app.runJobs()
  t.match((await here.admin.get(next.location as string)).text, '已结束的后台任务 1', 'its job goes after it')
})

t.test('what fails in the middle takes nothing', async (t) => {
  const here = await company(t)
  await worn(here)
  await backUp(here)
  const jobs = cleanups().find(({ code }) => code === 'jobs')
  const { remove } = jobs as ReturnType<typeof cleanups>[number]
  t.teardown(() => Object.assign(jobs as object, { remove }))
  Object.assign(jobs as object, {
    remove: async () => {
      throw new Error('no more')
    },
  })
  const { location = '' } = await here.admin.post(path, order(['customers', 'jobs']))
  await here.app.runJobs()
  t.match((await here.admin.get(location)).text, text.jobs.fault)
  t.equal((await here.db('customers')).length, 3)
})

t.test('a day that is none, of the future, or nothing chosen', async (t) => {
  const here = await company(t)
  await backUp(here)
  for (const day of ['', 'gestern', '2099-01-01']) {
    const { status, text: said } = await here.admin.post(path, order(['jobs'], day))
    t.equal(status, 422, day)
    t.match(said, c.wrongDay)
  }
  for (const kinds of [[], ['users'], ['events']])
    t.match((await here.admin.post(path, order(kinds))).text, c.nothingChosen)
})

t.test('every kind runs, and the newest backup stays', async (t) => {
  const here = await company(t)
  await worn(here)
  await backUp(here)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  for (const { code, count, remove, removeFiles } of cleanups()) {
    const there = await count(here.db, tomorrow, here.config)
    const actor = { id: 1, name: '测试', address: null }
    const gone = await here.db.transaction((trx) => remove(trx, tomorrow, actor))
    t.equal(gone + ((await removeFiles?.(here.config, tomorrow)) ?? 0), there, code)
  }
  t.equal(here.names().length, 1)
})

t.test('the bins of declared modules, with what hangs on their records', async (t) => {
  declareFor(t, [equipment, repairs, bills])
  const here = await company(t)
  const { db, admin, app } = here
  await makeTables(db)
  await db.schema.createTable('bills', (table) => {
    table.increments('id')
    table.integer('repair_id')
  })
  await everyRightWithin(db, '一切', { view: 'all' })
  const user = await db('users').where({ username: 'mr' }).first('id')
  await db('user_roles').insert({
    user_id: user.id,
    role_id: (await db('roles').where({ name: '一切' }).first('id')).id,
  })
  await bumpRevision(db)
  for (const name of ['留下', '新删的', '早删的'])
    await admin.post('/equipment', { name, owner_id: user.id, form_id: name })
  await upload(admin, '/equipment/3/files', '旧合同', '合同.txt')
  const stored = storedPath(join(here.folder, 'files'), (await db('files').first('storage_name')).storage_name)
  t.ok(existsSync(stored))
  await admin.post('/repairs', { subject: '换轴承', equipment_id: '3', form_id: 'repair' })
  for (const id of [2, 3]) await admin.post(`/equipment/${id}/deletion`, { version: 1 })
  await db('equipment').where({ id: 3 }).update({ deleted_at: long_ago })
  const [bill] = await db('bills').insert({ repair_id: 1 }).returning('id')
  await backUp(here)
  t.ok((await admin.get(`${path}?day=2025-01-01`)).page.querySelector('[value=equipment][disabled]'))
  await db('bills').where(bill).delete()
  const boxes = (await admin.get(`${path}?day=2025-01-01`)).page.querySelectorAll('input[name=kinds]')
  const codes = boxes.map((box) => box.getAttribute('value'))
  t.ok(codes.includes('equipment'))
  t.notOk(codes.includes('repairs'), 'those without a bin have none')
  const { location = '' } = await admin.post(path, order(['equipment']))
  await app.runJobs()
  t.match((await admin.get(location)).text, /回收站里的设备 1/)
  t.strictSame(await db('equipment').orderBy('id').pluck('name'), ['留下', '新删的'])
  t.strictSame(await db('repairs'), [], 'what hung on it went with it')
  t.strictSame(await db('files'), [])
  t.notOk(existsSync(stored), 'and its file')
  t.match((await admin.get('/audit-log?record_type=cleanup')).text, '回收站里的设备')
  t.equal((await db('events').where({ action: 'purge', record_type: 'equipment' })).length, 1)
})
