import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import {
  browserMissing,
  follow,
  leads,
  openBrowser,
  partsStand,
  press,
  signIn,
  unfold,
  type Visitor,
} from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

const name = '长春明日精密仪器有限公司'

const heading = (page: Page) => page.locator('main h1')
const rows = (page: Page) => page.locator('#list tbody tr')
const flash = (page: Page) => page.locator('#flash')

for (const javaScriptEnabled of [true, false]) {
  t.test(javaScriptEnabled ? 'a walk with script' : 'a walk without script', { skip: browserMissing }, async (t) => {
    const { db, visit } = await openBrowser(t)
    await addDemoCustomers(db, 60)
    const visitor = await visit({ javaScriptEnabled })
    const colleague = await visit({ javaScriptEnabled })
    await signsIn(t, visitor.page)
    await addsCustomer(t, visitor.page, javaScriptEnabled)
    await findsCustomer(t, visitor.page)
    await changesTogether(t, visitor, colleague)
    await keepsContacts(t, visitor.page)
    await deletesAndRestores(t, visitor.page)
    await signsOut(t, visitor.page, javaScriptEnabled)
    t.same([...visitor.complaints, ...colleague.complaints], [], 'the browsers had nothing to complain about')
  })
}

async function signsIn(t: Test, page: Page) {
  await page.goto('/customers?per=20')
  await signIn(page, '韩梅梅', 'wrong')
  t.match(await page.getByRole('alert').textContent(), /不正确/, 'a wrong password is refused')
  t.equal(await page.getByLabel('用户名').inputValue(), '韩梅梅', 'the name stays')
  t.equal(await page.getByLabel('密码').inputValue(), '', 'the password does not')
  await signIn(page, '韩梅梅')
  t.match(page.url(), /\/customers\?per=20$/, 'the page asked for comes after signing in')
  t.equal(await rows(page).count(), 20)
}

async function addsCustomer(t: Test, page: Page, hasScript: boolean) {
  await page.goto('/customers')
  await follow(page, '新增客户')
  await unfold(page)
  await page.getByLabel('客户名称').fill(name)
  await page.getByLabel('电子邮箱').fill('nobody')
  await press(page, '保存')
  const email = page.getByLabel('电子邮箱')
  t.match(await page.getByRole('alert').textContent(), /电子邮箱/, 'what is wrong stands above the form')
  t.equal(await email.getAttribute('aria-invalid'), 'true')
  const [said] = (await email.getAttribute('aria-describedby'))?.split(' ') ?? []
  t.match(await page.locator(`#${said}`).textContent(), /邮箱/)
  t.equal(await page.locator(':focus').getAttribute('name'), 'email', 'the wrong field has the focus')
  t.equal(await email.inputValue(), 'nobody')
  t.equal(await page.getByLabel('客户名称').inputValue(), name, 'what was typed is kept')
  await email.fill('office@mingri.example')
  await choosesPlace(page, hasScript)
  await press(page, '保存')
  t.equal(await heading(page).textContent(), name)
  t.match(await flash(page).textContent(), /已保存/)
  t.match(await page.locator('main').textContent(), /吉林省.*长春市.*朝阳区/s, 'the place is kept')
}

async function choosesPlace(page: Page, hasScript: boolean) {
  await page.getByLabel('省份').selectOption({ label: '吉林省' })
  if (!hasScript) await press(page, '选择城市')
  await page.getByLabel('城市').selectOption({ label: '长春市' })
  if (!hasScript) await press(page, '选择区县')
  await page.getByLabel('区县').selectOption({ label: '朝阳区' })
}

async function findsCustomer(t: Test, page: Page) {
  await page.getByRole('search').getByRole('combobox').fill('ccmr')
  await leads(page, () => page.getByRole('search').getByRole('button').click())
  t.match(await page.locator('main section').first().textContent(), name, 'initials find it')
  await leads(page, () => page.locator('main a[href="/customers?q=ccmr"]').click())
  t.same(await rows(page).locator('.name').allTextContents().then(trimmed), [name], 'and all of them stand in a list')
  await follow(page, '清除条件')
  t.match(await page.locator('#list').textContent(), /共 61 条/)
  await follow(page, '客户编码')
  t.match(await page.locator('th[aria-sort="ascending"]').textContent(), /客户编码/)
  t.match(await rows(page).first().textContent(), /KH000001/, 'sorted by code')
  await follow(page, '2')
  t.match(await rows(page).first().textContent(), /KH000021/, 'the second page goes on')
  await page.locator('#filters select[name=level_id]').selectOption({ label: '重点客户' })
  await page.locator('main').getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/level_id=\d+/)
  await partsStand(page)
  const levels = await rows(page).locator('td:nth-child(4)').allTextContents().then(trimmed)
  t.same([...new Set(levels)], ['重点客户'], 'only what was asked for')
  t.match(page.url(), /sort=code/, 'the order stays')
  await page.goto('/customers?q=ccmr')
  await follow(page, name)
  t.equal(await heading(page).textContent(), name)
}

const trimmed = (texts: string[]) => texts.map((text) => text.trim())

async function changesTogether(t: Test, { page }: Visitor, colleague: Visitor) {
  const card = page.url().split('?')[0]
  await follow(page, '修改')
  await colleague.page.goto(`${card}/edit`)
  await signIn(colleague.page, '李雷')
  await unfold(colleague.page)
  await colleague.page.getByLabel('客户简称').fill('明日仪器')
  await colleague.page.getByLabel('法人代表').fill('李大明')
  await press(colleague.page, '保存')
  await unfold(page)
  await page.getByLabel('法人代表').fill('王小明')
  await page.getByLabel('传真').fill('0431-84978981')
  await press(page, '保存')
  t.match(await page.getByRole('alert').textContent(), /李雷/, 'the second to save hears who was first')
  t.match(await page.locator('main').textContent(), /李大明.*王小明/s)
  await page.locator('label', { hasText: '王小明' }).getByRole('radio').check()
  await press(page, '保存')
  const shown = await page.locator('main').textContent()
  t.match(shown, /王小明/, 'the choice is saved')
  t.match(shown, /明日仪器/, 'what only the first changed stays')
  t.match(shown, /0431-84978981/, 'what only the second changed is saved')
  await opensTab(page, '变更历史')
  t.match(await page.locator('.history').textContent(), /李大明 → 王小明/)
}

/** With script a tab comes without loading the page. */
async function opensTab(page: Page, label: string) {
  const tabs = page.getByRole('navigation', { name: '相关资料' })
  await tabs.getByRole('link', { name: label }).click()
  await tabs.locator('[aria-current=page]', { hasText: label }).waitFor()
  await partsStand(page)
}

async function keepsContacts(t: Test, page: Page) {
  await opensTab(page, '联系人')
  await follow(page, '新增联系人')
  await page.getByLabel('姓名').fill('欧阳娜')
  await page.getByLabel('手机').fill('13800138000')
  await press(page, '保存')
  t.match(await flash(page).textContent(), /欧阳娜/)
  await page.goto('/contacts?q=oyn')
  await leads(page, () => rows(page).getByRole('link', { name: '欧阳娜' }).click())
  await follow(page, '修改')
  await page.getByLabel('职务').fill('采购经理')
  await press(page, '保存')
  t.match(await page.locator('main').textContent(), /采购经理/)
  await leads(page, () => page.locator('main').getByRole('link', { name }).click())
  t.equal(await heading(page).textContent(), name, 'a contact leads to its customer')
}

async function deletesAndRestores(t: Test, page: Page) {
  await follow(page, '删除')
  t.match(await page.locator('main').textContent(), /1 个联系人/, 'it says what will go')
  await follow(page, '取消')
  t.equal(await heading(page).textContent(), name)
  await follow(page, '删除')
  await press(page, '确认')
  t.match(await flash(page).textContent(), /回收站/)
  await page.goto('/customers?q=ccmr')
  t.equal(await rows(page).count(), 0, 'it is gone from the list')
  await leads(page, () =>
    page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '回收站' }).click(),
  )
  await follow(page, '恢复')
  await press(page, '恢复')
  t.match(await flash(page).textContent(), /已恢复/)
  await page.goto('/contacts?q=oyn')
  t.equal(await rows(page).count(), 1, 'it is back, with its contact')
}

async function signsOut(t: Test, page: Page, hasScript: boolean) {
  await page.goto('/customers?q=ccmr')
  await leads(page, () => page.getByRole('button', { name: '退出' }).click())
  t.match(await page.getByRole('status').textContent(), /已退出/)
  await page.goBack()
  if (hasScript) await page.waitForURL(/\/login/)
  t.notMatch(await page.content(), name, 'Back shows nothing of it')
}
