import t from 'tap'
import { askForJob } from '../../../src/kernel/jobs/job.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const { db, as } = await buildTestApp(t)
const [han, li] = [await as('韩梅梅'), await as('李雷')]
const idOf = async (username: string) => (await db('users').where({ username }).first('id')).id
const ask = async (username: string, title: string) =>
  askForJob(db, {
    kind: 'none',
    title,
    payload: {},
    total: 200,
    actor: { id: await idOf(username), name: username, address: null },
  })
const bar = async (browser: typeof han) => (await browser.get('/customers')).page.querySelector('#bar-job')

t.test(
  'long work of one’s own stands in the top bar of every page with its progress, and leads to its page',
  async (t) => {
    t.notOk(await bar(li))
    const first = await ask('李雷', '导入「甲.xlsx」')
    t.match((await bar(li))?.text, /导入「甲\.xlsx」\s*等待中/)
    await db('jobs').where({ id: first }).update({ state: 'running', done_count: 93 })
    const link = await bar(li)
    t.match(link?.text, /导入「甲\.xlsx」\s*46%/)
    t.equal(link?.getAttribute('href'), `/jobs/${first}`)
    t.equal((await li.get(`/jobs/${first}`)).status, 200, 'without the right to see the work of others')
    t.notOk(await bar(han), 'not in that of others')
    const second = await ask('李雷', '撤销')
    await db('jobs').where({ id: second }).update({ state: 'running', total_count: null, done_count: 1200 })
    t.match((await bar(li))?.text, /撤销\s*1,200，另有 1 个任务/)
    await db('jobs').update({ state: 'done' })
    t.notOk(await bar(li), 'gone when it is done')
  },
)

t.test('everyone finds the own work again in the menu, and nothing of others without the right', async (t) => {
  await ask('韩梅梅', '备份')
  const list = await li.get('/jobs')
  t.equal(list.status, 200)
  t.match(list.text, /撤销.*导入「甲\.xlsx」/)
  t.notMatch(list.text, '备份')
  t.notMatch((await li.get('/jobs?state=waiting')).text, '备份', 'nor with a filter')
  t.ok((await li.get('/customers')).page.querySelector('nav a[href="/jobs"]'))
  t.match((await han.get('/jobs')).text, /备份.*撤销/, 'those with the right see all')
  const others = (await db('jobs').where({ title: '备份' }).first('id')).id
  t.equal((await li.get(`/jobs/${others}`)).status, 404)
  t.equal((await li.post(`/jobs/${others}/cancellation`)).status, 404)
  t.equal((await db('jobs').where({ id: others }).first('state')).state, 'waiting')
})
