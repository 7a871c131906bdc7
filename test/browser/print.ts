import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { addReport } from '../../src/analysis/saved-reports/report.ts'
import { browserMissing, openBrowser, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'
import { putLogo } from '../fixtures/files.ts'
import { prepareScreens } from '../fixtures/screens.ts'

const readerMissing = spawnSync('pdftotext', ['-v']).error && 'no pdftotext (poppler) to read what was printed'

/** The text of each sheet of paper that a page prints on. */
async function printed(page: Page): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kehu-print-'))
  const path = join(folder, 'page.pdf')
  await page.pdf({ path, preferCSSPageSize: true })
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return text.split('\f').slice(0, -1)
}

/** What one clicks, ticks or is told for typing; a box that is ticked prints as what it says. */
const forScreen = `header.bar, nav, summary, button, a.button, .actions, .tabs, .pages, .selection, .filters, .views, .upload,
  .hint, .remark, .submit, .copy, [type=file], [type=search], td.check, th.check,
  input:is([type=checkbox], [type=radio]):not(:checked)`
const leftOver = `[...document.querySelectorAll(\`${forScreen}\`)]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
  .map((one) => one.outerHTML.slice(0, 100))`

t.test('every page prints without menus, bars, buttons and boxes to tick', { skip: browserMissing }, async (t) => {
  const { app, db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 60)
  const { page } = await visit()
  const screens = await prepareScreens(page, app)
  await page.emulateMedia({ media: 'print' })
  for (const [address] of screens) {
    await page.goto(address)
    t.strictSame(await page.evaluate(leftOver), [], address)
    t.not((await page.locator('main').innerText()).trim(), '', `${address} has something to print`)
  }
  t.ok(screens.length > 60)
})

t.test('what comes out of the printer', { skip: browserMissing ?? readerMissing }, async (t) => {
  const { app, db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 60)
  const { page, complaints } = await visit()
  await page.goto('/customers/print?sort=code')
  await signIn(page, '韩梅梅')
  const names: string[] = await db('customers').orderBy('code').pluck('name')

  await t.test('a list', async (t) => {
    const sheets = await printed(page)
    t.ok(sheets.length > 1, 'more than one sheet')
    for (const [index, sheet] of sheets.entries()) {
      t.match(sheet, /客户编码\s+客户名称\s+客户级别/, `the head stands on sheet ${index + 1}`)
      t.match(sheet, new RegExp(`\\b${index + 1} ?/ ?${sheets.length}\\b`), 'with its number')
    }
    const whole = sheets.join('')
    t.same(
      names.filter((name) => !whole.includes(name)),
      [],
      'every row is there',
    )
    t.match(whole, /客户资料.*韩梅梅/s, 'with its title and who printed it')
    t.notMatch(whole, /回收站|退出|返回/, 'without menu and buttons')
  })

  await t.test('a card', async (t) => {
    const contact = await db('contacts').where({ customer_id: 1 }).first()
    for (const address of ['/customers/1/print', '/customers/1']) {
      await page.goto(address)
      const whole = (await printed(page)).join('')
      t.match(whole, names[0], address)
      t.notMatch(whole, /回收站|退出|返回|修改客户|复制/, 'without menu and buttons')
    }
    await page.goto('/customers/1/print')
    t.match((await printed(page)).join(''), contact.name, 'the print view has the contacts')
  })

  await t.test('analysis, start page and our own data', async (t) => {
    await putLogo(db, { user: 1, dataDir: app.config.dataDir })
    const { id } = await db('users').where({ name: '韩梅梅' }).first('id')
    const report = {
      analysis: 'customer-levels',
      query: 'period=this-year',
      name: '本年级别',
      is_shared: false,
      is_pinned: true,
    }
    await db.transaction((trx) => addReport(trx, report, { id, name: '韩梅梅', address: null }))
    await page.goto('/analysis/customer-levels?period=this-year')
    const analysis = (await printed(page)).join('')
    t.match(
      analysis,
      /客户级别分析\s+登记时间\s+本年（.*打印时间.*韩梅梅.*各客户级别的客户数.*合计/s,
      'as its PDF has it',
    )
    t.notMatch(analysis, /不对比|清除条件|保存为/)
    await page.goto('/analysis/customer-growth?registered_on_from=2023-12-01&registered_on_to=2026-11-30')
    const growth = await printed(page)
    const whole = growth.join('')
    t.ok(growth.length > 1, 'a long chart and a long table')
    t.match(growth[0], '2023-12', 'the chart begins below the head')
    t.equal(whole.split('2025-06').length, 3, 'each month once in the chart, once in the table')
    t.equal(whole.split('合计').length, 2, 'one total')
    await page.emulateMedia({ media: 'print' })
    const logo = page.locator('.sheet-company img')
    t.ok(await logo.isVisible())
    const width = await logo.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth)
    t.ok(width > 0, 'the logo is there')
    await page.emulateMedia({ media: null })
    await page.goto('/desk')
    const desk = (await printed(page)).join('')
    t.match(desk, /工作台.*打印时间.*本年级别/s)
    t.notMatch(desk, /常用入口|修改/)
    await page.goto('/company')
    const ours = (await printed(page)).join('')
    t.match(ours, /我方信息.*标志\.png/s)
    t.notMatch(ours, /不超过|删除/)
  })

  t.same(complaints, [], 'the browser had nothing to complain about')
})
