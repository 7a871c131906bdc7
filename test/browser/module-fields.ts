import type { Page } from 'playwright-core'
import t from 'tap'
import { bumpRevision } from '../../src/kernel/db/cache-revision.ts'
import { presetInstallation } from '../../src/operation/setup/installation.ts'
import { browserMissing, leads, openBrowser, press, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'
import { declareFor, equipment, makeTables, repairs } from '../fixtures/equipment.ts'
import { makeOrders, orders } from '../fixtures/orders.ts'

declareFor(t, [equipment, repairs, orders])

const matches = (page: Page) => page.locator('#service_orders-customer_id-matches [role=option]')
const customer = (page: Page) => page.locator('#service_orders-customer_id')

t.test('fields of declared modules in a browser', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await makeTables(db)
  await makeOrders(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  await addDemoCustomers(db, 60)
  const { page, complaints } = await visit()
  await page.goto('/service-orders/new')
  await signIn(page, '韩梅梅')
  const stored = () => db('service_orders').orderBy('id', 'desc').first()

  await t.test('a record is looked for while one types, and taken by keyboard', async (t) => {
    await page.goto('/service-orders/new')
    await customer(page).pressSequentially('机械')
    await matches(page).first().waitFor()
    t.equal(await customer(page).getAttribute('aria-expanded'), 'true')
    const names = await matches(page).locator('span:first-child').allTextContents()
    t.ok(names.length > 1 && names.every((name) => name.includes('机械')))
    await customer(page).press('ArrowDown')
    await customer(page).press('ArrowDown')
    await customer(page).press('ArrowUp')
    await customer(page).press('ArrowDown')
    t.equal(await matches(page).nth(1).getAttribute('aria-selected'), 'true')
    await customer(page).press('Enter')
    t.equal(await customer(page).inputValue(), names[1])
    t.equal(await matches(page).count(), 0, 'the list is gone')
    t.match(page.url(), /new$/, 'and nothing was sent')
    await press(page, '保存')
    const { customer_id } = await stored()
    t.equal((await db('customers').where({ id: customer_id }).first()).name, names[1])
  })

  await t.test('the list is narrowed by it in the same way, and F1 there leads to its help', async (t) => {
    await page.goto('/service-orders')
    const filter = page.locator('#filters-customer_id')
    await filter.pressSequentially('机械')
    await page.locator('#filters-customer_id-matches [role=option]').first().waitFor()
    t.match(page.url(), /service-orders$/, 'what is half typed narrows nothing')
    await filter.press('ArrowDown')
    await filter.press('Enter')
    await page.waitForURL(/customer_id=id/)
    await filter.fill('')
    await page.waitForURL(/service-orders$/)
    const help = page.context().waitForEvent('page')
    await filter.press('F1')
    const opened = await help
    t.match(opened.url(), /\/help\/look-ups$/)
    await opened.close()
  })

  await t.test('by mouse too; Escape closes, and what is typed after counts', async (t) => {
    await page.goto('/service-orders/new')
    await customer(page).pressSequentially('机械')
    await matches(page).nth(2).click()
    const picked = await customer(page).inputValue()
    t.equal(await page.evaluate<string>('document.activeElement.name'), 'customer_id')
    await customer(page).fill('机')
    await matches(page).first().waitFor()
    await customer(page).press('Escape')
    t.equal(await matches(page).count(), 0)
    t.equal(await customer(page).inputValue(), '机')
    await press(page, '保存')
    t.match(await page.locator('#service_orders-customer_id-error').textContent(), '没有找到')
    await customer(page).fill(picked)
    await press(page, '保存')
    t.match(await page.locator('main').textContent(), picked)
  })

  await t.test('without script the name does', async (t) => {
    const { page: plain } = await visit({ javaScriptEnabled: false })
    await plain.goto('/service-orders/new')
    await signIn(plain, '韩梅梅')
    await plain.goto('/service-orders/new')
    const { name, code } = await db('customers').orderBy('id').first()
    await plain.getByRole('link', { name: '查找客户' }).waitFor()
    await customer(plain).fill(code)
    await leads(plain, () => plain.getByRole('button', { name: '保存', exact: true }).click())
    t.match(await plain.locator('main').textContent(), name)
  })

  await t.test('further rows come without loading the page, and keep what was typed', async (t) => {
    await page.goto('/service-orders/new')
    const rows = page.locator('#lines-parts tbody tr')
    t.equal(await rows.count(), 3)
    await page.locator('[name=parts-0-part]').fill('轴承')
    await page.locator('[name=parts-2-part]').fill('皮带')
    const loads: string[] = []
    page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()))
    await page.locator('[name=parts-2-part]').press('Control+Enter')
    await page.waitForURL(/service-orders\/\d+$/)
    const { id: saved } = await stored()
    t.equal((await db('service_order_parts').where({ record_id: saved })).length, 2, 'Ctrl and Enter save')
    await page.goto('/service-orders/new')
    await page.locator('[name=parts-0-part]').fill('轴承')
    await page.locator('[name=parts-2-part]').fill('皮带')
    loads.length = 0
    await page.getByRole('button', { name: '再加 5 行' }).press('Enter')
    await rows.nth(7).waitFor()
    t.same(loads, [])
    t.equal(await page.locator('[name=parts-0-part]').inputValue(), '轴承')
    await page.locator('[name=parts-7-part]').fill('垫片')
    await page.locator('[name=parts-7-place]').fill('1')
    await page.locator('#service_orders-parts-0-equipment_id').fill('没有的')
    await press(page, '保存')
    t.match(await page.locator('#service_orders-parts-1-equipment_id-error').textContent(), '没有找到')
    t.equal(await page.locator('[name=parts-0-part]').inputValue(), '垫片', 'it stands at the place that was typed')
    await page.locator('#service_orders-parts-1-equipment_id').fill('')
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true })
    await press(page, '保存')
    const { id } = await stored()
    const parts = await db('service_order_parts').where({ record_id: id }).orderBy('position').pluck('part')
    t.same(parts, ['垫片', '轴承', '皮带'])
    if (process.env.SHOT) await page.screenshot({ path: `${process.env.SHOT}.card.png`, fullPage: true })
  })

  t.same(complaints, [])
})
