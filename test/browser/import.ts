import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browserMissing, follow, openBrowser, press, signIn } from '../fixtures/browser.ts'
import { cellsIn } from '../fixtures/readable.ts'
import { xlsx } from '../operation/imports/fixtures/upload.ts'

const headings = ['单位名称', '联系人', '手机', '邮箱', '客户等级']
const rows = [
  ['长春明日精密仪器有限公司', '张三', '13800138000', 'a@mingri.example', 'A类'],
  ['吉林北方商贸有限公司', '李四', '13900139000', 'nobody', 'A类'],
  ['四平光明食品厂', '王五', '', 'wangwu', ''],
  ['通化山珍贸易有限公司', '赵六', '13700137000', '', ''],
]

const folder = await mkdtemp(join(tmpdir(), 'kehu-walk-'))
t.teardown(() => rm(folder, { recursive: true }))

/** Waits for what a page says: without script by asking for it again, as a person does. */
async function said(page: Page, hasScript: boolean, words: RegExp) {
  const sentence = page.locator('main').getByText(words).first()
  while (!hasScript && !(await sentence.isVisible())) await follow(page, '刷新')
  await sentence.waitFor()
}

for (const hasScript of [true, false])
  t.test(`a file is brought in, corrected and undone, script: ${hasScript}`, { skip: browserMissing }, async (t) => {
    const { db, visit } = await openBrowser(t)
    const { page, complaints } = await visit({ javaScriptEnabled: hasScript })
    const names = async () => db('customers').orderBy('id').pluck('name')
    const first = join(folder, `客户${hasScript}.xlsx`)
    await writeFile(first, await xlsx(headings, rows))
    await page.goto('/imports')
    await signIn(page, '韩梅梅')

    await brings(page, first)
    await said(page, hasScript, /2 行正确，2 行有误/)
    t.same(await names(), [], 'nothing is written yet')
    const wrong = await downloads(page, `${folder}/有误${hasScript}.xlsx`)
    await press(page, /导入正确的 2 行/)
    await said(page, hasScript, /新增 2 条.*2 行有误未导入/)
    t.same(await names(), [rows[0]?.[0], rows[3]?.[0]])

    await corrects(t, wrong)
    await brings(page, wrong)
    await said(page, hasScript, /2 行正确，0 行有误/)
    await press(page, /导入正确的 2 行/)
    await said(page, hasScript, /新增 2 条/)
    t.equal((await names()).length, 4, 'all are in')
    const second = page.url()

    await changes(page, rows[1]?.[0] as string)
    await page.goto(second)
    await follow(page, '撤销导入')
    t.match(await page.locator('main').textContent(), /新增的 2 个客户、2 个联系人.*有人改动过的记录会保留/s)
    await press(page, '撤销导入')
    await said(page, hasScript, /已撤销 1 条，1 条此后有改动，未撤销/)
    t.match(await page.locator('main table').textContent(), rows[1]?.[0], 'it says which was kept')
    t.same(await names(), [rows[0]?.[0], rows[3]?.[0], rows[1]?.[0]])
    t.same(complaints, [])
  })

async function brings(page: Page, path: string) {
  await page.goto('/imports')
  await follow(page, /^导入客户/)
  await page.getByLabel('表格或通讯录文件').setInputFiles(path)
  await press(page, '上传')
  await page.getByRole('heading', { name: '对应列' }).waitFor()
  await press(page, '检查')
}

async function downloads(page: Page, path: string) {
  const link = page.locator('main').getByRole('link', { name: /下载有误的行/ })
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  await file.saveAs(path)
  return path
}

/** The rows as they came back, each with its reason, mended in the same file. */
async function corrects(t: Test, path: string) {
  const [head = [], ...below] = await cellsIn(path)
  t.same(head, [...headings, '原因'])
  t.same(
    below.map((cells) => cells[0]),
    [rows[1]?.[0], rows[2]?.[0]],
  )
  for (const cells of below) t.match(cells.at(-1), /邮箱/)
  const mended = below.map((cells, index) => cells.with(3, `b${index}@example.com`))
  await writeFile(path, await xlsx(head, mended))
}

async function changes(page: Page, name: string) {
  await page.goto(`/customers?q=${encodeURIComponent(name)}`)
  await follow(page, name)
  await follow(page, '修改')
  await page
    .locator('details', { has: page.getByLabel('传真') })
    .locator('summary')
    .first()
    .click()
  await page.getByLabel('传真').fill('0431-84978981')
  await press(page, '保存')
}
