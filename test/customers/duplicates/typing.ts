import t from 'tap'
import { browserMissing, openBrowser, press, signIn } from '../../fixtures/browser.ts'
import { addMany } from '../customers/fixtures/customers.ts'

t.test('matches show while a customer is typed', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addMany(db, [{ name: '长春明日科技有限公司', mobile: '13800138000' }])
  const { page, complaints } = await visit()
  await page.goto('/customers/new')
  await signIn(page, '韩梅梅')
  const found = page.locator('#duplicates')
  const name = page.getByLabel('客户名称')

  await name.pressSequentially('长春明日科技')
  await found.getByText('名称几乎相同').waitFor()
  t.equal(await page.evaluate("document.activeElement.getAttribute('name')"), 'name', 'whoever types keeps the focus')
  await name.fill('明日科技有限公司')
  await found.getByText('名称相近', { exact: true }).waitFor()
  await name.fill('长春市明日科技公司')
  await found.getByText('名称相近，同城').waitFor()
  t.match(await found.getByRole('link', { name: '长春明日科技有限公司' }).getAttribute('href'), /^\/customers\/1$/)
  await name.fill('另一家')
  await found.getByText('名称相近，同城').waitFor({ state: 'detached' })
  await page.locator('#customer-contact_name').fill('李明')
  await page.locator('#customer-contact_mobile').fill('138 0013 8000')
  await found.getByText('电话相同').waitFor()
  await found.getByLabel('确认不是重复客户，仍然保存').check()
  await press(page, '保存')
  await page.waitForURL(/\/customers\/2\b/)
  t.equal((await db('customers')).length, 2)
  t.same(complaints, [])
})
