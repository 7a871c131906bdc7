import t from 'tap'
import { calculate } from '../../../src/office/tools/calculation.ts'
import { monthLater, weekNumber, weeksOf } from '../../../src/office/tools/month.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'

t.test('the calculator reckons exactly, as people type', async (t) => {
  const sums: Record<string, string> = {
    '0.1+0.2': '0.3',
    '1280+350*0.95': '1,612.5',
    '（1280＋350）×0.95': '1,548.5',
    '128,000*13%': '16,640',
    '1÷3': '0.3333333333',
    '2÷3': '0.6666666667',
    '-(2-5)*-2': '-6',
    '1/3*3': '1',
    '.5 + 1.': '1.5',
    '50%%': '0.005',
    '99999999999999999999+1': '100,000,000,000,000,000,000',
    '0-0.00000000001': '0',
  }
  for (const [typed, result] of Object.entries(sums)) t.equal(calculate(typed), result, typed)
  for (const typed of ['', '1+', '(1', '1)', '1 2+', 'a', '1..2', '2**3', '()', 'alert(1)', '1;2'])
    t.throws(() => calculate(typed), { message: 'syntax' }, typed)
  for (const typed of ['1/0', '1/(2-2)', '5%/0%']) t.throws(() => calculate(typed), { message: 'zero' }, typed)
  t.equal(calculate(`${'1+'.repeat(99)}11`), '110', 'two hundred signs')
  t.throws(() => calculate(`${'1+'.repeat(99)}111`), { message: 'long' })
  t.equal(calculate('9'.repeat(30)).replaceAll(',', ''), '9'.repeat(30))
  t.throws(() => calculate(`${'9'.repeat(30)}+1`), { message: 'long' })
  t.throws(() => calculate(Array(10).fill('9999999999').join('*')), { message: 'long' })
})

t.test('its page keeps what was reckoned before, without script', async (t) => {
  const { as } = await buildTestApp(t)
  const person = await as('王芳')
  const first = await person.get(`/tools/calculator?q=${encodeURIComponent('100*13%')}`)
  t.match(first.text, '100*13% = 13')
  const tape = first.page.querySelector('input[name=tape]')?.getAttribute('value') ?? ''
  const second = await person.get(`/tools/calculator?q=13%2B2&tape=${encodeURIComponent(tape)}`)
  t.strictSame(
    second.page.querySelectorAll('.tape li').map((line) => line.text),
    ['13+2 = 15', '100*13% = 13'],
  )
  const long = await person.get(`/tools/calculator?q=1${[...Array(12).keys()].map((line) => `&tape=${line}`).join('')}`)
  t.strictSame(
    long.page.querySelectorAll('.tape li').map((line) => line.text),
    ['1 = 1', '0', '1', '2', '3', '4', '5', '6', '7', '8'],
    'the last ten',
  )
  const wrong = await person.get('/tools/calculator?q=%3Cb%3E')
  t.equal(wrong.status, 422)
  t.match(wrong.text, text.tools.faults.syntax)
  t.equal(wrong.page.querySelector('#calculator-q')?.getAttribute('value'), '<b>')
})

t.test('the calendar: whole weeks from Monday on, with their numbers', async (t) => {
  const weeks = weeksOf('2026-11', '2026-11-26')
  t.strictSame(
    weeks.map(({ number }) => number),
    [44, 45, 46, 47, 48, 49],
  )
  t.strictSame(
    weeks[0]?.days.map(({ on }) => on.slice(5)),
    ['10-26', '10-27', '10-28', '10-29', '10-30', '10-31', '11-01'],
  )
  t.equal(weeks.flatMap(({ days }) => days).filter(({ isToday }) => isToday).length, 1)
  t.equal(weeksOf('2027-02', '').length, 4, 'February 2027 begins on a Monday and has 28 days')
  const numbers = { '2020-12-28': 53, '2021-01-04': 1, '2024-12-30': 1, '2026-12-28': 53, '2027-01-04': 1 }
  for (const [monday, number] of Object.entries(numbers)) t.equal(weekNumber(Date.parse(monday)), number, monday)
  t.equal(monthLater('2026-11', 2), '2027-01')
  t.equal(monthLater('2026-01', -1), '2025-12')
  const { as } = await buildTestApp(t)
  const person = await as('王芳')
  const february = await person.get('/tools/calendar?month=2024-02')
  t.match(february.text, '2024年2月')
  const days = (kind: string) => february.page.querySelectorAll(`td.${kind} time`).map((day) => day.text)
  t.strictSame(days('other'), ['29', '30', '31', '1', '2', '3'], 'of the months around')
  t.strictSame(days('weekend'), ['3', '4', '10', '11', '17', '18', '24', '25'])
  const links = february.page.querySelectorAll('.actions a').map((link) => link.getAttribute('href')?.split('=')[1])
  t.strictSame(links, ['2023-02', '2024-01', undefined, '2024-03', '2025-02'])
  for (const month of ['1900-01', '2199-12'])
    t.match((await person.get(`/tools/calendar?month=${month}`)).text, `${month.slice(0, 4)}年`)
  for (const month of ['2024-13', 'x', '', '1066-10'])
    t.equal((await person.get(`/tools/calendar?month=${month}`)).status, 200)
})

t.test("the note pad is everybody's own", async (t) => {
  const { as, db } = await buildTestApp(t)
  const [person, other] = [await as('王芳'), await as('李雷')]
  const empty = await person.post('/tools/notes', { title: '', content: '写了很久' })
  t.equal(empty.status, 422)
  t.match(empty.page.querySelector('textarea')?.text, '写了很久')
  const { location = '' } = await person.post('/tools/notes', {
    title: '采购',
    content: '茶叶\n两斤',
    form_id: 'form-0001',
  })
  t.equal(
    (await person.post('/tools/notes', { title: '采购', content: '茶叶\n两斤', form_id: 'form-0001' })).location,
    location,
    'a double click makes one',
  )
  const opened = (await person.get(location)).page
  t.match(opened.querySelector('textarea')?.text, /茶叶\n两斤/)
  await db('notes').update({ updated_at: '2026-01-04T00:00:00.000Z' })
  await person.post('/tools/notes', { title: '后写的', content: '', form_id: 'form-0002' })
  const listed = (await person.get(location)).page.querySelectorAll('ul.details a')
  t.strictSame(
    listed.map((link) => [link.text, link.getAttribute('aria-current')]),
    [
      ['后写的', undefined],
      ['采购', 'page'],
    ],
    'the last one first, and which one is open',
  )
  await person.post(`${listed[0]?.getAttribute('href')}/deletion`)
  t.equal((await other.get(location)).status, 404)
  t.equal((await other.post(location, { title: '坏', version: '1' })).status, 404)
  t.equal((await other.post(`${location}/deletion`)).status, 404)
  t.notMatch((await other.get('/tools/notes')).text, '采购')
  t.equal((await person.post(location, { title: '采购', content: '三斤', version: '1' })).status, 303)
  const stale = await person.post(location, { title: '采购', content: '四斤', version: '1' })
  t.equal(stale.status, 422)
  t.match(stale.text, text.tools.notes.stale)
  t.match(stale.page.querySelector('textarea')?.text, '四斤', 'what was typed stays')
  t.equal((await db('notes').first('content')).content, '三斤')
  t.match((await person.get(`${location}/deletion`)).text, '采购')
  await person.post(`${location}/deletion`)
  t.strictSame(await db('notes'), [])
})
