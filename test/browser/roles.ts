import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { PresetRole } from '../../src/people/roles/preset-roles.ts'
import { browserMissing, follow, leads, openBrowser, press, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'
import { makeCustomer } from '../fixtures/world.ts'
import { addPerson } from '../people/roles/fixtures/people.ts'

const heading = (page: Page) => page.locator('main h1')

/** Links that lead to one kind of page count once. */
const kindOf = (href: string) => href.split('?')[0]?.replace(/\d+/g, '1') ?? ''
const isFile = /\.(xlsx|csv|pdf|vcf|zip)(\?|$)|\/(files|pictures|business-cards|identity-pictures)\/\d+$/
const mostPages = 30

/** Those whose pages differ most; test/guards/ranges.ts asks every page as every role. */
const walking: PresetRole['code'][] = ['sales', 'sales_manager', 'service', 'auditor', 'security_administrator']

/** Follows every link that a person is shown, each kind of page once; answers how many there were. */
async function followsAll(t: Test, page: Page, who: string): Promise<number> {
  const waiting = [new URL(page.url()).pathname]
  const seen = new Set<string>()
  while (waiting.length > 0 && seen.size < mostPages) {
    const href = waiting.shift() as string
    if (seen.has(kindOf(href))) continue
    seen.add(kindOf(href))
    const answer = await page.goto(href)
    t.ok((answer?.status() ?? 500) < 400, `${who}: ${href} answers ${answer?.status()}`)
    const links = await page
      .locator('a[href^="/"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    waiting.push(...links.filter((link) => !isFile.test(link) && !seen.has(kindOf(link))))
  }
  return seen.size
}

t.test('no link that a role is shown leads to a refusal', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 12)
  let pages = 0
  for (const code of walking) {
    const id = await addPerson(db, `某 ${code}`, [code])
    await makeCustomer(db, {
      name: `${code} 的客户`,
      owner_id: id,
      phone: '0431-84978981',
      bank_account: '6222020200112233',
    })
    const { page, context, complaints } = await visit()
    await page.goto('/')
    await signIn(page, `某 ${code}` as never)
    const count = await followsAll(t, page, code)
    t.same(complaints, [], `${code}: nothing to complain about`)
    pages += count
    await context.close()
  }
  t.comment(`${pages} pages of ${walking.length} roles`)
})

t.test('a salesperson, a colleague and the manager work on the same customers', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  const manager = await addPerson(db, '赵经理', ['sales_manager'])
  await addPerson(db, '钱销售', ['sales'], { superior_id: manager })
  await addPerson(db, '孙销售', ['sales'], { superior_id: manager })
  const [one, other, above] = [await visit(), await visit(), await visit()]
  for (const [{ page }, name] of [
    [one, '钱销售'],
    [other, '孙销售'],
    [above, '赵经理'],
  ] as const) {
    await page.goto('/customers')
    await signIn(page, name as never)
  }
  await follow(one.page, '新增客户')
  t.equal(await one.page.getByLabel('所属人员').count(), 0, 'whose it is is not asked')
  await one.page.getByLabel('客户名称').fill('长春共管有限公司')
  await press(one.page, '保存')
  t.equal(await heading(one.page).textContent(), '长春共管有限公司')
  const card = new URL(one.page.url()).pathname
  t.equal((await other.page.goto(card))?.status(), 404, 'a colleague does not see it')
  await other.page.goto('/customers?q=共管')
  t.match(await other.page.locator('#list').textContent(), /没有/, 'nor finds it')
  await above.page.goto('/customers')
  await follow(above.page, '长春共管有限公司')
  await follow(above.page, '移交')
  await above.page.getByLabel('接收人').selectOption({ label: '孙销售' })
  await leads(above.page, () => above.page.locator('main button.primary').click())
  t.match(await above.page.locator('#flash').textContent(), /孙销售/)
  t.equal((await other.page.goto(card))?.status(), 200, 'now the colleague does')
  t.equal((await one.page.goto(card))?.status(), 404, 'and the first no longer')
})
