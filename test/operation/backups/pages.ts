import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { backUp, company, exchange, prepare } from './fixtures/company.ts'

t.test('the list, a download, a check, a file that went to another machine, a deletion', async (t) => {
  const here = await company(t)
  t.match((await here.admin.get('/maintenance/backups')).text, text.backups.none)
  const name = await backUp(here)
  const list = await here.admin.get('/maintenance/backups')
  for (const said of [name, '手动', '每周日 2 点，保留最近 8 份', here.config.secretKeyFile]) t.match(list.text, said)
  const got = await here.admin.get(`/maintenance/backups/${name}`)
  t.equal(got.headers['content-disposition'], `attachment; filename="${name}"`)
  t.strictSame(got.raw, readFileSync(join(here.folder, 'backups', name)))
  const { location = '' } = await here.admin.post(`/maintenance/backups/${name}/verification`)
  await here.app.runJobs()
  t.match((await here.admin.get(location)).text, '备份完好')

  const there = await company(t)
  t.equal((await upload(there.admin, '/maintenance/backups/uploads', got.raw, 'x.zip')).status, 303)
  const [uploaded = ''] = there.names()
  const { look } = await prepare(there, uploaded, { without_key: 'true' })
  await exchange(there, look)
  t.ok(await there.db('events').where({ action: 'restore-backup' }).first(), 'and was restored there')

  t.match((await here.admin.get(`/maintenance/backups/${name}/deletion`)).text, name)
  await here.admin.post(`/maintenance/backups/${name}/deletion`)
  t.strictSame(here.names(), [])
  for (const gone of [name, '..%2fkehu.db', 'kehu-99999999-999999-manual.zip', 'secret.key'])
    t.equal((await here.admin.get(`/maintenance/backups/${gone}`)).status, 404, gone)
})

t.test('what was prepared can be exchanged once only', async (t) => {
  const here = await company(t)
  const { look } = await prepare(here, await backUp(here))
  const restored = await exchange(here, look)
  t.equal(restored.status, 303)
  const again = { ...here, admin: await here.signIn() }
  t.equal((await again.admin.get(look)).status, 404, 'the restored data know nothing of it')
})

t.test('those without the right get nothing, and a database in memory says that it cannot', async (t) => {
  const { as } = await buildTestApp(t)
  const person = await as('李雷')
  t.equal((await person.get('/maintenance/backups')).status, 403)
  t.equal((await person.post('/maintenance/backups')).status, 403)
  const answer = await (await as('韩梅梅')).post('/maintenance/backups')
  t.equal(answer.status, 409)
  t.match(answer.text, text.backups.inMemory)
})
