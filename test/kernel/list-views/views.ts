import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { text } from '../../../src/texts/index.ts'
import { addMany, idsIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'

const { db, as } = await buildTestApp(t)
const ids = await addMany(db, [
  { name: '长春甲公司', address: '朝阳区' },
  { name: '长春乙公司', address: '南关区' },
])
const [han, li, wang] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]

const links = ({ page }: Answer) =>
  page
    .querySelectorAll('.views li a')
    .map((link) => `${link.text.trim()}${link.hasAttribute('aria-current') ? '*' : ''}`)
const typed = {
  list: '/customers',
  query: 'f=address:contains:朝阳&columns=name,address&sort=-name&per=20',
  name: '朝阳',
}
const idOf = (answer: Answer) => Number(/view=(\d+)/.exec(answer.location ?? '')?.[1])

t.test('a view holds filters, columns, order and size under a name, and is marked where one is', async (t) => {
  const list = await han.get(`/customers?${new URLSearchParams(typed.query)}`)
  const href = list.page.querySelector('.results a[href^="/list-views/new"]')?.getAttribute('href') as string
  const form = await han.get(href.replaceAll('&amp;', '&'))
  const query = form.page.querySelector('input[name=query]')?.getAttribute('value')?.replaceAll('&amp;', '&') as string
  const made = await han.post('/list-views', { ...typed, query })
  t.equal(made.status, 303)
  const shown = await han.get(made.location as string)
  t.strictSame(links(shown), ['全部', '朝阳*'])
  t.strictSame(idsIn(shown), ids.slice(0, 1))
  t.strictSame(
    shown.page.querySelectorAll('#list thead th[scope=col]').map((cell) => cell.text.trim()),
    ['客户名称', '地址'],
  )
  t.match(shown.page.querySelector('.pages')?.toString(), /aria-current="page">20</)
  t.strictSame(links(await han.get('/customers')), ['全部', '朝阳'])
  t.strictSame(links(await li.get('/customers')), [], 'nobody else sees an own view')
})

t.test('it says the same for one who keeps the list otherwise', async (t) => {
  const plain = await han.post('/list-views', { ...typed, query: '', name: '平常' })
  await han.post('/list-preferences', { list: '/customers', columns: 'code', sort: 'name', per: '100' })
  const shown = await han.get(plain.location as string)
  t.equal(shown.page.querySelectorAll('#list thead th[scope=col]').length, 10)
  t.equal(shown.page.querySelector('th[aria-sort]'), null)
  t.match(shown.page.querySelector('.pages')?.toString(), /aria-current="page">20</)
  await han.post('/list-preferences', { list: '/customers', forget: 'true' })
})

t.test('a name comes once for each person', async (t) => {
  const again = await han.post('/list-views', typed)
  t.equal(again.status, 422)
  t.match(again.text, /您已有同名的视图/)
  t.equal((await han.post('/list-views', { ...typed, name: ' ' })).status, 422)
  const other = await li.post('/list-views', typed)
  t.equal(other.status, 303, 'somebody else may have the same')
})

t.test('it is renamed, written over and removed; not by an old form', async (t) => {
  const id = idOf(await han.post('/list-views', { ...typed, name: '一' }))
  t.equal((await han.post(`/list-views/${id}`, { name: '朝阳', version: '1' })).status, 422)
  t.equal((await han.post(`/list-views/${id}`, { name: '二', version: '1' })).status, 303)
  t.equal((await han.post(`/list-views/${id}`, { name: '三', version: '1' })).status, 409)
  const changed = await han.get(`/customers?q=x&view=${id}`)
  t.match(changed.page.querySelector('.views form')?.getAttribute('action'), `/list-views/${id}/query`)
  await han.post(`/list-views/${id}/query`, { query: 'q=乙', version: '2' })
  t.match(await db('list_views').where({ id }).first(), { name: '二', version: 3, query: /q=%E4%B9%99/ })
  t.match((await han.get(`/list-views/${id}/deletion`)).text, /确认删除视图「二」/)
  t.equal((await han.post(`/list-views/${id}/deletion`, { version: '3' })).status, 303)
  t.equal((await han.get(`/list-views/${id}/edit`)).status, 404)
})

t.test(
  'sharing needs its right; others use a shared view, and only its owner or an administrator changes it',
  async (t) => {
    const refused = idOf(await li.post('/list-views', { ...typed, name: '想共享', is_shared: 'true' }))
    t.equal((await db('list_views').where({ id: refused }).first('is_shared')).is_shared, false)
    const id = idOf(await han.post('/list-views', { ...typed, name: '大家', is_shared: 'true' }))
    const his_list = await li.get(`/customers?view=${id}`)
    t.match(links(his_list), ['全部', '想共享', '朝阳', '大家*'], 'the own ones first')
    t.notOk(his_list.page.querySelector('.views-acts'), 'and of the others nothing to change')
    const query = { version: '1', query: typed.query }
    t.equal((await han.post(`/list-views/${id}/query`, query)).status, 303)
    const hers = await han.get(
      (await han.post(`/list-views/${id}/query`, { ...query, version: '2' })).location as string,
    )
    t.notOk(hers.page.querySelector('.views form'), 'what is as it was saved is not offered to be saved')
    t.match((await han.get(`/list-views/${id}/deletion`)).text, text.listViews.deletionShared)
    t.match((await li.get(`/list-views/${refused}/deletion`)).text, text.listViews.deletionOwn)
    await db('list_views').where({ id }).update({ version: 1 })
    await bumpRevision(db)
    for (const act of ['edit', 'deletion']) t.equal((await li.get(`/list-views/${id}/${act}`)).status, 403, act)
    t.equal((await li.post(`/list-views/${id}`, { name: '我的', version: '1' })).status, 403)
    t.equal((await li.post(`/list-views/${id}/query`, { query: '', version: '1' })).status, 403)
    t.equal((await han.get(`/list-views/${refused}/edit`)).status, 404, 'not even an administrator sees an own view')
    await letShare()
    const his = idOf(await li.post('/list-views', { ...typed, name: '李雷共享', is_shared: 'true' }))
    t.equal((await han.get(`/list-views/${his}/edit`)).status, 200)
    t.equal((await li.get(`/list-views/${id}/edit`)).status, 403, 'to share is not to change what others share')
    t.equal((await wang.get(`/list-views/${his}/edit`)).status, 403, 'without the list there is no view of it')
    t.equal((await wang.get('/list-views/new?list=/customers')).status, 403)
  },
)

async function letShare() {
  const { id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id: id, permission: 'list_views.share' })
  await bumpRevision(db)
}
