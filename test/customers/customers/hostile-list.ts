import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addMany, idsIn, totalIn } from './fixtures/customers.ts'

const { db, as } = await buildTestApp(t)
const idOf = async (username: string) => (await db('users').where({ username }).first('id')).id
const [hers, his] = [await idOf('韩梅梅'), await idOf('李雷')]
const ids = await addMany(
  db,
  Array.from({ length: 130 }, (_, index) => ({
    name: `公司${index}`,
    owner_id: index === 3 ? his : hers,
    address: index === 0 ? `50%_[a]\\ ' or 1=1 --` : '甲街',
  })),
)
const [han, li] = [await as('韩梅梅'), await as('李雷')]
const f = (text: string) => `f=${encodeURIComponent(text)}`

t.test('wildcards and SQL in a condition are what they say', async (t) => {
  for (const part of ['%', '_', '[', '[a]', '\\', `' or 1=1 --`])
    t.strictSame(idsIn(await han.get(`/customers?${f(`address:contains:${part}`)}`)), [ids[0]], part)
  t.equal(totalIn(await han.get(`/customers?${f(`name:contains:'; drop table customers`)}`)), 0)
})

t.test('more than a person can mean is cut: conditions, values, characters', async (t) => {
  const many = Array.from({ length: 300 }, (_, index) => f(`name:contains:公${'司'.repeat(index % 40)}`)).join('&')
  const answer = await han.get(`/customers?${many}`)
  t.equal(answer.status, 200)
  const shown = new Set(
    answer.page.querySelectorAll('input[type=hidden][name=f]').map((field) => field.getAttribute('value')),
  )
  t.equal(shown.size, 10)
  const tag = (name: string) => ({ name, name_key: name, name_pinyin: name, version: 1 })
  for (let index = 0; index < 120; index++) await db('tags').insert(tag(`tag${index}`))
  await bumpRevision(db)
  const values = (await db('tags').pluck('id')).join(',')
  const listed = await han.get(`/customers?${f(`tag_ids:in:${values}`)}`)
  const [said] = listed.page.querySelectorAll('input[type=hidden][name=f]').map((field) => field.getAttribute('value'))
  t.equal(said?.split(',').length, 100)
  const long = await han.get(`/customers?${f(`address:contains:${'长'.repeat(3000)}`)}`)
  t.equal(long.status, 200)
  t.notMatch(long.body, '长'.repeat(51))
})

t.test('a view or a selection keeps of a query only what the list knows', async (t) => {
  const query = `f=evil:is:1&${f(`name:contains:公'--`)}&columns=password_hash,name&sort=notes&level_id=1 or 1=1&__proto__=1&per=100000`
  await han.post('/list-views', { list: '/customers', name: '怪', query, is_shared: '' })
  const kept = (await db('list_views').where({ name: '怪' }).first('query')).query
  t.strictSame(new URLSearchParams(kept).getAll('f'), [`name:contains:公'--`])
  t.equal(new URLSearchParams(kept).get('columns'), 'name')
  t.equal(new URLSearchParams(kept).get('sort'), '-', 'no order that no index serves')
  t.notMatch(kept, /evil|password|notes|proto|100000|1=1/)
  t.equal((await han.post('/list-views', { list: '/users', name: '别处', query: '' })).status, 404)
  t.equal((await han.post('/customers/selections', { scope: 'whole', act: 'export', query })).status, 422)
  t.strictSame(await db('selections'), [], 'nothing is selected by what is not understood')
})

t.test('what is ticked on several pages is selected, and only what one may see', async (t) => {
  const send = (browser: typeof han) =>
    browser.post('/customers/selections', { ids: ids.map(String), act: 'level_id', query: '' })
  await send(han)
  t.equal((await db('selections').orderBy('id', 'desc').first('row_count')).row_count, ids.length)
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_ranges').where({ role_id: role.id }).update({ range: 'own' })
  await bumpRevision(db)
  await send(li)
  const mine = await db('selections').where({ user_id: his }).first()
  t.equal(mine.row_count, 1, 'the ids of others are not selected')
  t.strictSame(await db('selection_rows').where({ selection_id: mine.id }).pluck('record_id'), [ids[3]])
  await li.post('/customers/selections', { scope: 'whole', act: 'level_id', query: '' })
  const whole = await db('selections').where({ user_id: his }).orderBy('id', 'desc').first()
  t.equal(whole.row_count, 1)
})
