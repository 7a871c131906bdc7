import type { Page } from 'playwright-core'
import t from 'tap'
import { bumpRevision } from '../../src/kernel/db/cache-revision.ts'
import { browserMissing, leads, openBrowser, signIn } from '../fixtures/browser.ts'
import { makeModule } from '../fixtures/own-module.ts'
import { addPerson, everyRightWithin } from '../people/roles/fixtures/people.ts'

/** The browser gives the first field the focus a moment after the page. */
const begun = (page: Page) => page.locator('[name=name]:focus').waitFor()
const focused = (page: Page) =>
  page.evaluate<string | null>("document.activeElement.getAttribute('name') ?? document.activeElement.id")

t.test('a form is filled in by keyboard', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  const { page, complaints } = await visit()
  await page.goto('/tags/new')
  await signIn(page, '韩梅梅')

  await t.test('the focus stands in the first field, at the first error, and on what was done', async (t) => {
    await begun(page)
    await page.keyboard.type('重点')
    await leads(page, () => page.keyboard.press('Control+Enter'))
    await page.locator('#flash:focus').waitFor()
    t.pass('what was saved is read out first')
    await page.goto('/customers/new')
    await page.locator('[name=website]').evaluate((field) => field.setAttribute('value', 'x'))
    await page.locator('[name=name]').evaluate((field) => field.removeAttribute('required'))
    await leads(page, () => page.keyboard.press('Control+Enter'))
    await begun(page)
    t.pass('the first of two')
    await page.locator('[name=name]').fill('明日')
    await leads(page, () => page.keyboard.press('Control+Enter'))
    t.not(await focused(page), 'name')
    t.match(await page.locator('.errors').textContent(), '网址')
  })

  await t.test('Enter leads to the next field and at last to the button', async (t) => {
    await page.goto('/tags/new')
    await begun(page)
    await page.keyboard.type('回车')
    const stops: (string | null)[] = []
    for (let at = 0; at < 10 && !stops.includes(''); at++) {
      await page.keyboard.press('Enter')
      stops.push(await focused(page))
    }
    t.match(page.url(), /\/tags\/new$/, 'nothing is sent on the way')
    t.ok(stops.length > 1 && stops.length < 10, `choices of one name are one stop: ${stops}`)
    await leads(page, () => page.keyboard.press('Enter'))
    t.equal((await db('tags').where({ name: '回车' })).length, 1)
  })

  await t.test('a word that is being composed keeps its Enter, and a long text its lines', async (t) => {
    await page.goto('/competitors/new')
    const sent = (more: object) =>
      page.evaluate<boolean>(
        `document.querySelector('[name=name]').dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({
          key: 'Enter',
          bubbles: true,
          cancelable: true,
          ...more,
        })}))`,
      )
    t.equal(await sent({ isComposing: true }), true)
    t.equal(await sent({ keyCode: 229 }), true, 'as some browsers say it')
    t.equal(await focused(page), 'name')
    for (const more of [{ isComposing: true }, { keyCode: 229 }])
      t.equal(await sent({ ...more, key: 'Escape' }), true, 'Esc takes the word back, and is no way out of the field')
    t.equal(await focused(page), 'name')
    t.match(page.url(), /\/competitors\/new$/)
    t.equal(await sent({}), false)
    await page.locator('textarea').first().focus()
    await page.keyboard.type('一')
    await page.keyboard.press('Enter')
    await page.keyboard.type('二')
    t.equal(await page.locator('textarea').first().inputValue(), '一\n二')
  })

  await t.test('who leaves what was typed is asked once', async (t) => {
    const asked: string[] = []
    let stays = false
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      return stays ? dialog.dismiss() : dialog.accept()
    })
    await page.goto('/tags')
    await page.goto('/tags/new')
    await begun(page)
    await page.keyboard.type('未存')
    asked.length = 0
    stays = true
    await page.getByRole('link', { name: '取消' }).click()
    t.same(asked, ['beforeunload'], 'by a link')
    await page.locator('[name=name]').focus()
    await page.keyboard.press('Escape')
    t.same(asked.length, 1, 'Escape leaves the field first')
    await page.keyboard.press('Escape')
    t.same(asked, ['beforeunload', 'beforeunload'], 'then the form')
    t.equal(await page.locator('[name=name]').inputValue(), '未存', 'who stays loses nothing')
    stays = false
    await leads(page, () => page.goBack())
    t.match(page.url(), /\/tags$/)
    t.equal(asked.length, 3, 'and by Back')
    await page.goto('/tags/new')
    await leads(page, () => page.keyboard.press('Escape'))
    t.match(page.url(), /\/tags$/, 'a form nobody touched is left at once')
    t.equal(asked.length, 3, 'without a question')
  })

  await t.test('what was typed and left is offered when the form is opened again', async (t) => {
    const offer = page.locator('[data-draft]')
    await page.goto('/tags/new')
    await begun(page)
    await page.keyboard.type('昨日')
    await page.goto('/tags')
    await page.goto('/tags/new')
    await offer.getByRole('button', { name: '恢复' }).click()
    t.equal(await page.locator('[name=name]').inputValue(), '昨日')
    await leads(page, () => page.keyboard.press('Control+Enter'))
    t.equal((await db('tags').where({ name: '昨日' })).length, 1)
    await page.goBack()
    await begun(page)
    t.equal(await offer.count(), 0, 'what is saved is kept no longer, also where one goes back')
    await page.keyboard.type('再来')
    await leads(page, () => page.getByRole('link', { name: '取消' }).click())
    await page.goto('/tags/new')
    t.equal(await offer.count(), 0, 'nor what was given up')
    await begun(page)
    await page.keyboard.type('三来')
    await page.goto('/tags')
    await page.goto('/tags/new')
    await offer.getByRole('button', { name: '丢弃' }).click()
    await offer.waitFor({ state: 'detached' })
    await page.waitForLoadState('networkidle')
    await page.goto('/tags/new')
    t.equal(await offer.count(), 0)
  })

  await t.test('with the fields that hang on others, and rows that the form does not have at first', async (t) => {
    await page.goto('/customers/new')
    await begun(page)
    await page.keyboard.type('凯德亚')
    await page.locator('[name=province_code]').selectOption({ label: '吉林省' })
    await page.locator('[name=city_code]').selectOption({ label: '长春市' })
    await page.locator('[name=contact_name]').fill('李明')
    await page.locator('[name=contact_mobile]').fill('13800138000')
    await page.goto('/tags')
    await page.goto('/customers/new')
    await leads(page, () => page.getByRole('button', { name: '恢复' }).click())
    t.match(await page.locator('[name=city_code]').inputValue(), /^2201/)
    t.equal(await page.locator('[name=contact_mobile]').inputValue(), '13800138000')
    await leads(page, () => page.keyboard.press('Control+Enter'))
    t.strictSame(await db('form_drafts').where({ address: '/customers/new' }), [])
  })

  await t.test('a person may have Enter save', async (t) => {
    await page.goto('/profile/options')
    await page.getByLabel('回车键').selectOption('save')
    await leads(page, () => page.keyboard.press('Control+Enter'))
    await page.goto('/tags/new')
    await begun(page)
    await page.keyboard.type('一键')
    await leads(page, () => page.keyboard.press('Enter'))
    t.equal((await db('tags').where({ name: '一键' })).length, 1)
  })
  t.same(complaints, [])
})

t.test('what was typed into lines that were added comes back too', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await makeModule(db, 'moulds')
  await db('own_lines').update({ most: 10 })
  await bumpRevision(db)
  const { page, complaints } = await visit()
  await page.goto('/roles')
  await signIn(page, '韩梅梅')
  await addPerson(db, '甲', [await everyRightWithin(db, '自己的', { view: 'own' })])
  const other = await visit()
  await other.page.goto('/own/moulds/new')
  await signIn(other.page, '甲' as never)
  await other.page.locator('[name=f1]').fill('注塑模')
  const contents = other.page.locator('fieldset.lines [name$="-l1"]')
  const before = await contents.count()
  await other.page.locator('fieldset.lines').getByRole('button').last().click()
  await contents.nth(before).waitFor()
  await contents.nth(0).fill('首次试模')
  await contents.nth(before).fill('最后一行')
  await other.page.goto('/tags')
  await other.page.goto('/own/moulds/new')
  t.equal(await contents.count(), before)
  await leads(other.page, () => other.page.getByRole('button', { name: '恢复' }).click())
  t.equal(await other.page.locator('[name=f1]').inputValue(), '注塑模')
  t.equal(await contents.nth(0).inputValue(), '首次试模')
  t.equal(await contents.nth(before).inputValue(), '最后一行', 'in a row that the form does not have at first')
  await leads(other.page, () => other.page.keyboard.press('Control+Enter'))
  t.match(await other.page.locator('main').textContent(), /首次试模[\s\S]*最后一行/)
  t.strictSame(await db('form_drafts').where({ address: '/own/moulds/new' }), [])
  t.same([...complaints, ...other.complaints], [])
})

t.test('without script Enter saves, and the first field has the focus', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  const { page } = await visit({ javaScriptEnabled: false })
  await page.goto('/tags/new')
  await signIn(page, '韩梅梅')
  await begun(page)
  await page.keyboard.type('无脚本')
  await leads(page, () => page.keyboard.press('Enter'))
  t.equal((await db('tags').where({ name: '无脚本' })).length, 1)
})

t.test('at 200 % no field that has the focus stands behind the buttons', { skip: browserMissing }, async (t) => {
  const { visit } = await openBrowser(t)
  const { page } = await visit({ viewport: { width: 512, height: 384 }, deviceScaleFactor: 2 })
  await page.goto('/customers/new')
  await signIn(page, '韩梅梅')
  await begun(page)
  for (let at = 0; at < 12; at++) {
    await page.keyboard.press('Enter')
    const [below, top] = await page.evaluate<[number, number]>(
      "[document.activeElement.getBoundingClientRect().bottom, document.querySelector('.submit').getBoundingClientRect().top]",
    )
    t.ok(below <= top, `${await focused(page)}: ${below} ${top}`)
  }
  t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, 'and nothing is cut')
})
