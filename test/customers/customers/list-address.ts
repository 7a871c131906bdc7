import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { idsIn, totalIn } from './fixtures/customers.ts'
import { listOf } from './fixtures/list.ts'

t.test('what is not declared or makes no sense in the address is left out', async (t) => {
  const { rows, admin } = await listOf(t, 25)
  const whole = idsIn(await admin.get('/customers'))
  for (const nonsense of [
    'sort=deleted_at',
    'sort=-',
    'sort=id;drop table customers',
    'page=-1',
    'page=0',
    'page=1e3',
    'page=x',
    'per=7',
    'per=1000000',
    'city_code=220100',
    'evil=1',
    'sort=name&sort=',
    '__proto__=1',
    'q=',
    'q=%20',
  ]) {
    const answer = await admin.get(`/customers?${nonsense}`)
    t.strictSame([answer.status, totalIn(answer), idsIn(answer)], [200, rows.length, whole], nonsense)
  }
  for (const [nonsense, label] of [
    ['level_id=1 or 1=1', '客户级别'],
    ['level_id=9223372036854775808&kind=person', '客户级别'],
    ['kind=x', '客户性质'],
    ['registered_on_from=2026-02-30', '登记时间'],
    ['city_code=999999', '城市'],
    ['f=evil:is:1', '条件'],
    ['f=level_id:is:999999', '客户级别'],
    ['f=credit_limit_cents:between:x,y', '信用额度(元)'],
    ['f=name:between:1,2', '客户名称'],
    ['f=nonsense', '条件'],
  ] as const) {
    const answer = await admin.get(`/customers?${nonsense}`)
    t.strictSame([answer.status, idsIn(answer)], [422, []], `${nonsense} is not shown as if it were not there`)
    t.match(
      answer.page.querySelector('#list .errors')?.text,
      new RegExp(`看不懂「${label.replace(/[()]/g, '.')}」的条件`),
    )
    const rest = await admin.get(answer.page.querySelector('#list .errors a')?.getAttribute('href') ?? '')
    t.equal(rest.status, 200, 'without it the rest is shown')
    for (const file of ['/print', '/print.pdf', '.csv', '.xlsx'])
      t.equal((await admin.get(`/customers${file}?${nonsense}`)).status, 422, `${file}?${nonsense}`)
    const selected = await admin.post('/customers/selections', { query: nonsense, scope: 'whole', act: 'export' })
    t.equal(selected.status, 422, 'nor is everything selected for it')
  }
  const province = idsIn(await admin.get('/customers?province_code=220000'))
  const other = await admin.get('/customers?province_code=220000&city_code=110100')
  t.strictSame(idsIn(other), province, 'a city of another province goes when the province is changed')
  const last = idsIn(await admin.get('/customers?per=10&page=3'))
  t.strictSame(idsIn(await admin.get('/customers?page=1000000000')), whole, 'ten digits are no page')
  t.strictSame(idsIn(await admin.get('/customers?per=10&page=999999999')), last, 'behind the end is the last page')
  t.equal(totalIn(await admin.get(`/customers?q=${'甲'.repeat(4000)}`)), 0)
  for (const id of ['0', '-1', '1 or 1=1', '2147483648', '9223372036854775808', 'x', '1.5'])
    t.equal((await admin.get(`/customers/${encodeURIComponent(id)}`)).status, 404, id)
})

t.test('print shows what the list shows', async (t) => {
  const { rows, admin } = await listOf(t, 25)
  const found = rows.filter(({ kind }) => kind === 'person')
  const print = await admin.get('/customers/print?kind=person&sort=-code')
  t.equal(print.status, 200)
  const codes = print.page.querySelectorAll('tbody tr td:first-child').map((cell) => cell.text.trim())
  t.strictSame(codes, found.map(({ code }) => code).toReversed())
  t.match(print.text, /个人客户/)
})

t.test('days the wrong way round are said, and paper says which days it is about', async (t) => {
  const { admin } = await listOf(t, 3)
  const reversed = await admin.get('/customers?registered_on_from=2026-03-01&registered_on_to=2026-02-01')
  t.match(reversed.text, text.list.daysReversed('登记时间'))
  const one = await admin.get('/customers?registered_on_from=2020-03-01&registered_on_to=2020-03-01')
  t.notMatch(one.text, '请对调')
  t.match(one.text, text.list.nothingFound)
  t.notMatch((await admin.get('/customers?registered_on_from=2030-03-01')).text, '请对调')
  for (const [query, said] of [
    ['registered_on_from=2026-02-01&registered_on_to=2026-03-01', '登记时间2026-02-01 – 2026-03-01'],
    ['registered_on_from=2026-02-01', '登记时间2026-02-01 – '],
    ['q=甲&kind=person', '搜索甲'],
  ] as const) {
    const { page } = await admin.get(`/customers/print?${query}`)
    t.match(page.querySelector('.sheet-facts')?.text.replace(/[：\s]+/g, ' '), said, query)
  }
})
