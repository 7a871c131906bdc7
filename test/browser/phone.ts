import t from 'tap'
import { browserMissing, follow, leads, openBrowser, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

t.test('a telephone, 390 points wide', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 30)
  const { id } = await db('customers').orderBy('id', 'desc').first('id')
  await db('customers').update({ phone: '0431-84978981' })
  const touch = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  const { page, context, complaints } = await visit(touch)
  await page.goto('/customers')
  await signIn(page, '韩梅梅')
  const row = page.locator('.lines tbody tr').first()

  await t.test('a list stands in lines, with the name first and nothing cut', async (t) => {
    const { width = 0, height = 0 } = (await row.boundingBox()) ?? {}
    t.ok(width <= 390 && height > 50 && height < 160, `${width} × ${height}`)
    const name = await row.locator('.name, td:has(a)').first().boundingBox()
    const code = await row.locator('td').nth(1).boundingBox()
    t.ok((name?.y ?? 0) < (code?.y ?? 0), 'the name stands above the code')
    const shown = await row.evaluate<string, { innerText: string }>((one) => one.innerText)
    t.match(shown, /0431-84978981/)
    t.equal(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), 0)
  })

  await t.test('numbers can be tapped, and days say of what they are', async (t) => {
    const number = page.locator('.lines .tel').first()
    t.equal(await number.getAttribute('href'), 'tel:0431-84978981')
    const taps = await page.evaluate<string>(`getComputedStyle(document.querySelector('.lines .tel')).pointerEvents`)
    t.equal(taps, 'auto')
    const label = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('.lines [data-label]'), '::before').content`,
    )
    t.match(label, /登记时间|下次联系/)
  })

  await t.test('everything is reached: sorting, one’s own page, the card with its contacts', async (t) => {
    await leads(page, () => page.locator('thead').getByRole('link', { name: '客户名称' }).click())
    t.match(page.url(), /sort=name/)
    await page.locator('.bar-menu').click()
    await leads(page, () => page.locator('.side').getByRole('link', { name: '个人设置' }).click())
    t.match(page.url(), /\/profile$/)
    for (const path of [
      '/customers',
      `/customers/${id}`,
      '/customers/new',
      '/contacts',
      '/suppliers',
      '/workbench',
      '/users',
      '/roles',
      '/audit-log',
      '/recycle-bin',
      '/search?q=公司',
    ]) {
      await page.goto(path)
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      t.ok(over <= 0, `${path}: ${over}`)
    }
    await page.goto(`/customers/${id}`)
    await follow(page, '修改')
    await leads(page, () => page.locator('.submit .primary').click())
    t.match(page.url(), `/customers/${id}`)
  })

  t.same(complaints, [])
  await context.close()

  const desk = await visit()
  await desk.page.goto('/customers')
  await signIn(desk.page, '韩梅梅')
  await leads(desk.page, () => desk.page.locator('.lines .tel').first().click({ force: true }))
  t.match(desk.page.url(), /\/customers\/\d+/, 'with a mouse a click on it opens the row')
  await desk.context.close()
})
