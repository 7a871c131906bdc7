import type { Page } from 'playwright-core'
import t from 'tap'
import { browserMissing, openBrowser, partsStand, press, signIn, unfold } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

const focused = (page: Page) => page.evaluate<string | null>("document.activeElement.getAttribute('name')")
const total = (page: Page, text: string) => page.locator('.results', { hasText: `共 ${text} 条` }).waitFor()
const shown = async (page: Page) => /共 (\S+) 条/.exec((await page.locator('.results').textContent()) ?? '')?.[1] ?? ''
const box = (page: Page) => page.locator('#search')
const filters = (page: Page) => page.locator('#filters')

t.test('what script adds', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 60)
  const { page, context, complaints } = await visit()
  await page.goto('/customers')
  await signIn(page, '韩梅梅')

  await t.test('a list follows its filters', async (t) => {
    const loads: string[] = []
    page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()))
    const count = await db('customers').where('name', 'like', '%机械%').count({ n: '*' }).first()
    await box(page).pressSequentially('机械')
    await box(page).press('Enter')
    await total(page, String(count?.n))
    t.equal(await focused(page), 'q', 'whoever types keeps the focus')
    t.equal(await box(page).inputValue(), '机械', 'and the text')
    t.match(decodeURI(page.url()), /q=机械/, 'the address says what is shown')
    await filters(page).getByLabel('客户级别').selectOption({ label: '潜在客户' })
    await page.waitForURL(/level_id=\d+/)
    await partsStand(page)
    t.same(loads, [], 'without loading a page')
    const narrow = await shown(page)
    await page.goBack()
    await total(page, String(count?.n))
    t.equal(await filters(page).getByLabel('客户级别').inputValue(), '', 'Back shows the filters of then')
    await page.goForward()
    await total(page, narrow)
    t.match(page.url(), /level_id=\d+/, 'and Forward goes on')
    await page.reload()
    t.equal(await shown(page), narrow, 'the address alone shows the same')
  })

  await t.test('a double click saves once', async (t) => {
    await page.goto('/customers/new')
    await page.getByLabel('客户名称').fill('只存一次有限公司')
    await page.getByRole('button', { name: '保存', exact: true }).dblclick({ noWaitAfter: true })
    await page.waitForURL(/\/customers\/\d+$/)
    t.equal((await db('customers').where({ name: '只存一次有限公司' })).length, 1)
    await page.goBack()
    t.ok(
      await page.getByRole('button', { name: '保存', exact: true }).isEnabled(),
      'the button of the form works again after Back',
    )
    await page.getByLabel('客户名称').fill('第二家机床厂')
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.waitForURL(/\/customers\/\d+$/)
    t.match(await page.locator('main').textContent(), '第二家机床厂', 'what is typed then is another customer')
    t.equal((await db('customers').whereIn('name', ['只存一次有限公司', '第二家机床厂'])).length, 2, 'beside the first')
  })

  await t.test('a field says what is odd or wrong while one types, and is left alone', async (t) => {
    await page.goto('/customers/new')
    await unfold(page)
    const mobile = page.locator('#customer-mobile')
    await mobile.pressSequentially('1380013800')
    await page.locator('#customer-mobile-remark', { hasText: '不像电话号码' }).waitFor()
    t.equal(await focused(page), 'mobile', 'whoever types keeps the focus')
    await mobile.pressSequentially('0')
    await page.locator('#customer-mobile-remark', { hasNotText: '不像' }).waitFor({ state: 'hidden' })
    t.equal(await mobile.inputValue(), '13800138000', 'and what was typed')
    await page.locator('#customer-bank_account').fill('12ab')
    await page.locator('#customer-bank_account-remark.tone-red', { hasText: '只能填数字' }).waitFor()
    t.not(await page.locator('#customer-bank_account').getAttribute('aria-invalid'), null)
    await page.locator('body').press('n')
    t.match(page.url(), /customers\/new$/, 'and n leaves nothing that was typed behind')
    t.equal(await mobile.inputValue(), '13800138000')
  })

  await t.test('keys', async (t) => {
    await page.goto('/customers')
    await page.keyboard.press('Tab')
    t.equal(await page.locator(':focus').textContent(), '跳到正文', 'the first stop leads to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('/')
    t.equal(await focused(page), 'q', '/ goes to the search')
    await page.keyboard.type('n')
    t.match(page.url(), /\/customers(#main)?$/, 'letters typed into a field are only text')
    await page.keyboard.press('Escape')
    t.equal(await focused(page), null, 'Escape leaves the field')
    await page.keyboard.press('n')
    await page.waitForURL(/\/customers\/new$/)
    await page.keyboard.press('Escape')
    await page.waitForURL(/\/customers$/)
    t.pass('n begins a new one, Escape goes back')
  })

  await t.test('tab order of a form is the order of its fields', async (t) => {
    await page.goto('/customers/new')
    await page.getByLabel('客户名称').focus()
    const stops: (string | null)[] = []
    for (let at = 0; at < 5; at++) {
      stops.push(await focused(page))
      await page.keyboard.press('Tab')
    }
    t.same(stops, ['name', 'kind', 'owner_id', 'phone', 'registered_on'])
  })

  await t.test('an ended session loses nothing', async (t) => {
    await page.goto('/customers')
    await db('sessions').delete()
    await box(page).fill('机械')
    await box(page).press('Enter')
    await page.waitForURL(/\/login\?to=/)
    await signIn(page, '韩梅梅')
    t.match(decodeURI(page.url()), /q=机械/, 'a filter leads to the sign-in and back to what was asked')

    await page.goto('/customers/new')
    await page.getByLabel('客户名称').fill('登录过期有限公司')
    await db('sessions').delete()
    await page.getByLabel('省份').selectOption({ label: '吉林省' })
    await page.locator('#flash', { hasText: '登录已过期' }).waitFor()
    t.ok(await page.getByLabel('城市').isVisible(), 'a part of the form that cannot come leaves the form whole')
    await press(page, '保存')
    await signIn(page, '韩梅梅')
    await press(page, '继续保存')
    t.equal(await page.locator('main h1').textContent(), '登录过期有限公司', 'a form is saved after signing in again')
  })

  await t.test('a fault leaves the list where it is', async (t) => {
    await page.goto('/customers')
    await db.schema.renameTable('customers', 'elsewhere')
    await box(page).fill('机械')
    await box(page).press('Enter')
    await page.locator('#flash', { hasText: '没有完成' }).waitFor()
    await db.schema.renameTable('elsewhere', 'customers')
    t.equal(await page.locator('#list tbody tr').count(), 20)
    t.match(page.url(), /\/customers$/, 'and the address')
  })

  t.same(
    complaints.filter((complaint) => !/^(401|500)/.test(complaint)),
    [],
    'the browser had nothing to complain about',
  )
  await context.close()
})
