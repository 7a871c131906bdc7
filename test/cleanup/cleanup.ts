import { existsSync } from 'node:fs'
import t from 'tap'
import { cleanups } from '../../src/cleanup/kinds.ts'
import { text } from '../../src/texts/index.ts'
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

const order = (kinds: string[], day = '2025-01-01') => ({ kinds, day })

t.test('counts first, then all that was chosen at once, only with a backup, and in the log', async (t) => {
  const here = await company(t)
  const file = await worn(here)
  const page = await here.admin.get(`${path}?day=2025-01-01`)
  const cells = page.page.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td')[1]?.text)
  t.strictSame(cells, ['1', '0', '0', '1', '0', '0', '0'])
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

t.test('what fails in the middle takes nothing', async (t) => {
  const here = await company(t)
  await worn(here)
  await backUp(here)
  const jobs = cleanups.find(({ code }) => code === 'jobs')
  const { remove } = jobs as (typeof cleanups)[number]
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
  for (const { code, count, remove, removeFiles } of cleanups) {
    const there = await count(here.db, tomorrow, here.config)
    const actor = { id: 1, name: '测试', address: null }
    const gone = await here.db.transaction((trx) => remove(trx, tomorrow, actor))
    t.equal(gone + ((await removeFiles?.(here.config, tomorrow)) ?? 0), there, code)
  }
  t.equal(here.names().length, 1)
})
