import type { Page } from 'playwright-core'
import t from 'tap'
import { browserMissing, leads, openBrowser, partsStand, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

const focused = (page: Page) => page.evaluate<string>('document.activeElement.id || document.activeElement.textContent')
const title = (page: Page) => page.locator('h1').first().textContent()
const facts = (page: Page) => page.locator('.facts-side')

t.test('the card of a customer with script', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 3)
  const { id } = await db('customers').orderBy('id').first('id')
  const { page, context, complaints } = await visit()
  await page.goto(`/customers/${id}`)
  await signIn(page, '韩梅梅')

  await t.test('a fact is changed where it stands, by keyboard alone', async (t) => {
    await page.locator('#edit-short_name').focus()
    await page.keyboard.press('Enter')
    await page.locator('#fact-short_name').waitFor()
    t.equal(await focused(page), 'fact-short_name-short_name')
    await page.keyboard.press('Escape')
    await page.locator('#fact-short_name').waitFor({ state: 'detached' })
    await page.waitForFunction('document.activeElement.id === "edit-short_name"')
    await page.keyboard.press('Enter')
    await page.locator('#fact-short_name').waitFor()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('凯德亚')
    await page.keyboard.press('Enter')
    await page.locator('.facts-side', { hasText: '凯德亚' }).waitFor()
    await page.waitForFunction('document.activeElement.id === "edit-short_name"')
    t.equal((await db('customers').where({ id }).first()).short_name, '凯德亚')
    t.match(await page.locator('.timeline > li').first().textContent(), /凯德亚/, 'what happened says so')
    const before = (await db('customers').where({ id }).first()).version
    await leads(page, () => page.locator('#flash').getByRole('button', { name: '撤销' }).click())
    t.match(await page.locator('#flash').textContent(), /已撤销/)
    t.notMatch(await db('customers').where({ id }).first(), { short_name: '凯德亚' })
    t.equal((await db('customers').where({ id }).first()).version, before + 1)
  })

  await t.test('what is wrong is said there and keeps what was typed', async (t) => {
    await page.locator('#edit-email').click()
    await page.locator('#fact-email-email').fill('不对')
    await Promise.all([page.waitForResponse((answer) => answer.status() === 422), page.keyboard.press('Enter')])
    await page.locator('#fact-email .error').waitFor({ state: 'attached' })
    t.equal(await page.locator('#fact-email-email').inputValue(), '不对')
    t.ok(await facts(page).isVisible(), 'the card stands around it')
    await page.keyboard.press('Escape')
    t.ok(await page.locator('#fact-email').isVisible(), 'what was typed is not left at once')
    await page.keyboard.press('Escape')
    await page.locator('#fact-email').waitFor({ state: 'detached' })
  })

  await t.test('province, city and district are chosen together', async (t) => {
    await page.locator('#edit-province_code').click()
    await page.locator('#fact-province_code-province_code').selectOption({ label: '广东省' })
    const cities = page.locator('#fact-province_code-city_code')
    await cities.locator('option', { hasText: '深圳市' }).waitFor({ state: 'attached' })
    await cities.selectOption({ label: '深圳市' })
    await page.locator('#fact-province_code-district_code option', { hasText: '南山区' }).waitFor({ state: 'attached' })
    await page.locator('#fact-province_code .primary').click()
    await page.locator('.facts-side', { hasText: '广东省 深圳市' }).waitFor()
    t.match(await db('customers').where({ id }).first(), { province_code: '440000', city_code: '440300' })
  })

  await t.test('a contact, a file and a mail are added in place', async (t) => {
    await page.getByRole('link', { name: '新增联系人' }).click()
    await page.locator('#contacts-name').fill('赵六')
    await page.locator('#contacts .primary').click()
    await page.locator('.beside td', { hasText: '赵六' }).waitFor()
    t.match(page.url(), `/customers/${id}`)
    await page.getByRole('link', { name: '上传附件' }).click()
    await page.locator('#upload-file-file').setInputFiles({
      name: '合同.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('合同'),
    })
    await leads(page, () => page.locator('#upload-file').getByRole('button', { name: '上传' }).click())
    t.match(
      [new URL(page.url()).pathname, await page.locator('.timeline').textContent()],
      [`/customers/${id}`, /合同\.txt/],
    )
    await page.locator('#add-timeline').waitFor({ state: 'attached' })
    await page.locator('.beside').getByRole('link', { name: '写邮件' }).click()
    await page.locator('#add-timeline #mail').waitFor()
    await page.locator('#mail').getByRole('button', { name: '发送' }).click()
    await page.locator('#mail .error').first().waitFor()
    t.ok(await facts(page).isVisible(), 'what is wrong is said in the form on the card')
    t.equal(await title(page), (await db('customers').where({ id }).first()).name)
  })

  await t.test('tabs keep their place and that of the keyboard', async (t) => {
    await page.goto(`/customers/${id}`)
    const history = page.locator('.tabs').getByRole('link', { name: '变更历史' })
    await history.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/history$/)
    await partsStand(page)
    t.match(await page.evaluate<string>('document.activeElement.textContent'), '变更历史')
    await page.goBack()
    await page.locator('.timeline').waitFor()
  })

  await t.test('all of it stands on one screen, and nothing is cut at any width', async (t) => {
    for (const width of [1024, 1007, 390]) {
      await page.setViewportSize({ width, height: 768 })
      await page.goto(`/customers/${id}`)
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      t.ok(over <= 0, `at ${width}`)
      for (const table of await page.locator('.scroll').all()) {
        const cut = await table.evaluate<number, { scrollWidth: number; clientWidth: number }>(
          (one) => one.scrollWidth - one.clientWidth,
        )
        t.ok(cut <= 0, `no table is cut at ${width}`)
      }
    }
  })

  t.same(
    complaints.filter((one) => !one.startsWith('422')),
    [],
  )
  await context.close()
})

t.test('and without', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 1)
  const { id } = await db('customers').orderBy('id').first('id')
  const { page, context } = await visit({ javaScriptEnabled: false })
  await page.goto(`/customers/${id}`)
  await signIn(page, '韩梅梅')
  await leads(page, () => page.locator('#edit-short_name').click())
  await page.locator('#fact-short_name-short_name').fill('凯德亚')
  await leads(page, () => page.locator('#fact-short_name .primary').click())
  t.match([new URL(page.url()).pathname, await facts(page).textContent()], [`/customers/${id}`, /凯德亚/])
  await leads(page, () => page.getByRole('link', { name: '上传附件' }).click())
  t.match(page.url(), /\/files\?on_card=true$/)
  await context.close()
})
