import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { withLevels } from './fixtures/customers.ts'
import { tableOf } from './fixtures/table.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const levels = '/analysis/customer-levels'

const textOf = ({ raw }: Answer) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: raw, encoding: 'utf8' })
const wordsOf = (text: string) => text.replace(/[ \t]+/g, ' ')

t.test('the PDF says what the page says', { skip }, async (t) => {
  const { db, as } = await buildTestApp(t)
  await changeSettings(db, { companyName: '东北亚机电设备有限公司' })
  await withLevels(db, { VIP客户: 13, 普通客户: 1204, '': 20 })
  const he = await as('李雷')
  const page = await he.get(levels)
  const pdf = await he.get(`${levels}.pdf`)
  t.equal(pdf.headers['content-type'], 'application/pdf')
  t.equal(
    pdf.headers['content-disposition'],
    `inline; filename="customer-levels.pdf"; filename*=UTF-8''${encodeURIComponent(`客户级别分析-${today()}`)}.pdf`,
  )
  t.equal(pdf.raw.subarray(0, 5).toString(), '%PDF-')
  const words = wordsOf(textOf(pdf))
  for (const row of tableOf(page)) t.match(words, row.join(' '))
  t.equal(tableOf(page).at(-1)?.[1], '1,237')
  for (const part of ['东北亚机电设备有限公司', '客户级别分析', '统计范围： 全部客户', '各客户级别的客户数'])
    t.match(words.replaceAll('： ', '：'), part.replaceAll('： ', '：'))
  t.match(words, /制表人：李雷 制表时间：\d{4}-\d\d-\d\d \d\d:\d\d/)
  t.match(words.replaceAll(' ', ''), '第1页/共1页')
})

t.test('its figures follow the conditions, which stand on it', { skip }, async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 3 })
  await withLevels(db, { VIP客户: 2 }, { registered_on: '2025-05-05', province_code: '220000' })
  const he = await as('李雷')
  const page = await he.get(`${levels}?registered_on_to=2025-12-31&province_code=220000`)
  const href = page.page.querySelector('.actions a')?.getAttribute('href')?.replaceAll('&amp;', '&')
  t.equal(href, `${levels}.pdf?registered_on_to=2025-12-31&province_code=220000`)
  const narrow = wordsOf(textOf(await he.get(String(href))))
  const wide = wordsOf(textOf(await he.get(`${levels}.pdf?registered_on_from=2025-01-01`)))
  t.match(narrow, /登记时间： ?截至 2025-12-31 省份： ?吉林省/)
  t.match(narrow, '合计 2 100.0%')
  t.match(wide, /登记时间： ?2025-01-01 起/)
  t.match(wide, '合计 5 100.0%')
})

t.test('without customers it is made with a sentence', { skip }, async (t) => {
  const { as } = await buildTestApp(t)
  const pdf = await (await as('李雷')).get(`${levels}.pdf`)
  t.equal(pdf.status, 200)
  t.match(textOf(pdf), '没有符合条件的数据')
})

t.test('who printed what is kept', async (t) => {
  const { db, as } = await buildTestApp(t)
  await (await as('李雷')).get(`${levels}.pdf?registered_on_to=2025-12-31`)
  const event = await db('events').where({ action: 'print' }).first()
  t.match(event, {
    user_name: '李雷',
    record_type: 'analysis',
    record_name: /^客户级别分析：.*2025-12-31/,
  })
})
