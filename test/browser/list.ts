import type { Page } from 'playwright-core'
import t from 'tap'
import { browserMissing, follow, leads, openBrowser, partsStand, press, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

const boxes = (page: Page) => page.locator('tbody [name=ids]')
const bar = (page: Page) => page.locator('.selection')
const heads = (page: Page) => page.locator('thead th').allTextContents()
const trimmed = async (page: Page) => (await heads(page)).map((one) => one.trim())
const count = (page: Page) => page.locator('[data-ticked]').textContent()
const widthOf = (page: Page, name: string) =>
  page.locator(`th[data-name=${name}]`).evaluate<number, { offsetWidth: number }>((head) => head.offsetWidth)

/** The heights at which something to click, to choose or to fill in stands between the title of a list and its table. */
const rowsOfControls = `[...new Set(
  [...document.querySelectorAll('#filters :is(input, select, button, summary), .results :is(a, summary), .selection :is(a, select, button)')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .map((one) => one.getBoundingClientRect())
    .filter(({ height }) => height > 0)
    .map(({ top, height }) => Math.round((top + height / 2) / 12)),
)]`

t.test('a list with script', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 60)
  const { page, context, complaints } = await visit()
  await page.goto('/customers')
  await signIn(page, '韩梅梅')

  await t.test('ticks bring a bar that stays in sight, over pages too', async (t) => {
    t.notOk(await bar(page).isVisible())
    await boxes(page).nth(1).click()
    await boxes(page)
      .nth(6)
      .click({ modifiers: ['Shift'] })
    t.equal(await count(page), '6', 'Shift takes all between')
    await page.mouse.wheel(0, 5000)
    const { y = 0 } = (await bar(page).boundingBox()) ?? {}
    t.ok(y >= 43 && y < 60, 'the bar stands below the top while one scrolls')
    await follow(page, '下一页')
    t.equal(await count(page), '6', 'on the next page')
    await boxes(page).nth(0).click()
    await boxes(page)
      .nth(6)
      .click({ modifiers: ['Shift'] })
    await boxes(page).nth(6).click()
    t.equal(await count(page), '12')
    await db('customers')
      .where({ id: Number(await boxes(page).nth(0).getAttribute('value')) })
      .update({ deleted_at: 'now' })
    await page.getByLabel('操作').selectOption({ label: '改客户级别' })
    await press(page, '执行')
    t.match(await page.locator('main').textContent(), /11 个客户/, 'one went meanwhile')
    await page.locator('main select').selectOption({ index: 2 })
    await press(page, '下一步')
    await press(page, '修改')
    t.match(await page.locator('#flash').textContent(), /完成 \d+ 个客户/)
    t.notOk(await bar(page).isVisible(), 'what is done is ticked no more')
    await boxes(page).nth(0).click()
    await leads(page, () => page.getByRole('link', { name: '撤销上次操作' }).click())
    t.match(page.url(), /\/batch-acts\/\d+\/undo$/)
    await page.goto('/customers')
    t.equal(await count(page), '1')
    await page.getByRole('button', { name: '取消勾选' }).click()
    t.notOk(await bar(page).isVisible())
    await page.locator('[data-check-all]').click()
    t.equal(await count(page), '20', 'all of the page')
    await page.locator('[data-check-all]').click()
    t.notOk(await bar(page).isVisible())
  })

  await t.test('a click on a row opens it; on its box it ticks', async (t) => {
    await page.goto('/customers')
    await leads(page, () => page.locator('tbody tr').nth(2).locator('td').nth(3).click())
    t.match(page.url(), /\/customers\/\d+/)
    await page.goto('/customers')
    await page
      .locator('tbody tr')
      .nth(2)
      .locator('td')
      .first()
      .click({ position: { x: 3, y: 3 } })
    t.equal(await count(page), '1')
    await page.getByRole('button', { name: '取消勾选' }).click()
  })

  await t.test('columns are drawn to their places and as wide as they suit, and stay so', async (t) => {
    const before = await trimmed(page)
    await leads(page, () => page.locator('th[data-name=phone]').dragTo(page.locator('th[data-name=name]')))
    const after = await trimmed(page)
    t.same(after.toSorted(), before.toSorted())
    t.equal(after.indexOf('电话'), before.indexOf('客户名称'))
    const { x = 0, y = 0, width = 0 } = (await page.locator('th[data-name=phone]').boundingBox()) ?? {}
    await page.mouse.move(x + width - 3, y + 10)
    await page.mouse.down()
    await page.mouse.move(x + width + 57, y + 12, { steps: 4 })
    await leads(page, () => page.mouse.up())
    const drawn = await widthOf(page, 'phone')
    t.ok(Math.abs(drawn - (width + 60)) <= 4, `${drawn} of ${width}`)
    await page.goto('/customers?page=2')
    t.equal(await widthOf(page, 'phone'), drawn, 'on every page')
    await page.goto('/customers')
    const dataTransfer = await page.evaluateHandle('new DataTransfer()')
    await page.locator('th[data-name=phone]').dispatchEvent('dragstart', { dataTransfer })
    await page.locator('th[data-name=phone]').dispatchEvent('dragend', { dataTransfer })
    t.same(await trimmed(page), after, 'drawn out of the window it stays where it is')
    await leads(page, () => page.getByRole('link', { name: '列', exact: true }).click())
    await leads(page, () => page.locator('button[value="phone:1"]').click())
    t.ok(await page.locator('.columns').isVisible(), 'the chooser stays open for the next arrow')
    t.equal((await trimmed(page)).indexOf('电话'), after.indexOf('电话') + 1)
    await press(page, '恢复默认')
    t.same(await trimmed(page), before)
  })

  await t.test('any field is a condition, chosen beside the filters', async (t) => {
    await page.goto('/customers')
    await page.locator('summary', { hasText: '更多条件' }).click()
    await page.getByLabel('其他项目').selectOption({ label: '客户简称' })
    await page.locator('.condition').waitFor()
    await partsStand(page)
    await page.getByLabel('内容').fill('机械')
    await leads(page, () => page.getByRole('button', { name: '添加', exact: true }).click())
    t.match(decodeURIComponent(page.url()), /f=short_name:contains:机械/)
  })

  await t.test('the box on top proposes while one types, walked by arrows', async (t) => {
    await page.goto('/customers')
    const name = String(await page.locator('tbody .name a, tbody td a').first().textContent())
    await page.locator('#search').focus()
    await page.keyboard.type(name.slice(0, 4))
    await page.locator('#search-matches [role=option]').first().waitFor()
    t.equal(await page.locator('#search').getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('Escape')
    t.equal(await page.locator('#search-matches [role=option]').count(), 0, 'Esc closes')
    t.equal(await page.locator('#search').inputValue(), name.slice(0, 4), 'and leaves what was typed')
    await page.keyboard.type(name.slice(4))
    await page.locator('#search-matches [role=option]').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    t.ok(await page.locator('#search').getAttribute('aria-activedescendant'))
    await leads(page, () => page.keyboard.press('Enter'))
    t.match([new URL(page.url()).pathname, await page.locator('h1').first().textContent()], [/\/customers\/\d+/, name])
    await page.locator('#search').fill('没有的公司')
    await page.locator('#search-matches [role=option]', { hasText: '新增客户' }).waitFor()
    await leads(page, () => page.locator('#search-matches [role=option]').first().click())
    t.equal(await page.locator('main [name=name]').inputValue(), '没有的公司')
    await page.locator('#search').fill(name)
    await leads(page, () => page.locator('#search').press('Enter'))
    t.match(page.url(), /\/search|\/customers/, 'Enter without a choice asks for all')
  })

  await t.test('above a list it is the box of the list, and everything stays one entry away', async (t) => {
    await page.goto('/customers')
    t.equal(await page.locator('[type=search]').count(), 1, 'there is one box')
    const box = page.locator('#search')
    const entries = page.locator('#search-matches [role=option]')
    const total = (count: unknown) => page.locator('.results', { hasText: `共 ${count} 条` }).waitFor()
    await page.goto('/customers?q=公司')
    const named = /共 (\d+) 条/.exec((await page.locator('.results').textContent()) ?? '')?.[1]
    await page.goto('/customers')
    await page.locator('#filters select[name=level_id]').selectOption({ index: 2 })
    await page.waitForURL(/level_id=\d+/)
    await partsStand(page)
    await box.pressSequentially('公司')
    await entries.first().waitFor()
    t.match(await entries.first().textContent(), '在本列表中查找「公司」')
    await entries.first().click()
    await page.waitForURL(/level_id=\d+/)
    await page.waitForURL(/q=/)
    await partsStand(page)
    t.match(decodeURI(page.url()), /(?=.*q=公司)(?=.*level_id=\d)/, 'its filters stay')
    t.equal(await entries.count(), 0, 'what was proposed is gone')
    t.equal(await box.inputValue(), '公司')
    await page.goto('/customers')
    await box.fill('公司')
    await box.press('Enter')
    await total(named)
    t.match(await page.locator('.chips').textContent(), '公司', 'the words stand among the conditions')
    await leads(page, () => page.locator('.chips a').click())
    t.same([await box.inputValue(), new URL(page.url()).search], ['', ''], 'and can be taken away')
    await box.fill('公司')
    await box.press('Enter')
    await total(named)
    await box.fill('')
    await page.waitForURL((url) => !url.search)
    await box.pressSequentially('公司')
    await leads(page, () => entries.filter({ hasText: '查看全部结果' }).click())
    t.match(decodeURI(page.url()), /\/search\?q=公司$/)
    await page.goto('/customers?level_id=999999')
    t.equal(await page.locator('[type=search]').count(), 1)
  })

  await t.test('a word that is being composed keeps Enter and Esc', async (t) => {
    await page.goto('/customers')
    const box = page.locator('#search')
    await box.pressSequentially('公司')
    await page.locator('#search-matches [role=option]').first().waitFor()
    await page.keyboard.press('ArrowDown')
    const composed = (key: string, how: object) =>
      page.evaluate<boolean>(
        `document.querySelector('#search').dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({ key, bubbles: true, cancelable: true, ...how })}))`,
      )
    for (const how of [{ isComposing: true }, { keyCode: 229 }])
      for (const key of ['Enter', 'Escape', 'ArrowDown'])
        t.ok(await composed(key, how), `${key} ${JSON.stringify(how)}`)
    t.ok((await page.locator('#search-matches [role=option]').count()) > 1, 'nothing was closed or gone to')
    t.equal(new URL(page.url()).pathname, '/customers')
    t.notOk(await composed('Escape', {}), 'Esc by itself closes')
    t.equal(await page.locator('#search-matches [role=option]').count(), 0)
  })

  await t.test('two rows of controls stand above the rows', async (t) => {
    await page.setViewportSize({ width: 1024, height: 768 })
    for (const path of [
      '/customers',
      '/customers?q=公司',
      '/contacts?q=公司',
      '/suppliers',
      '/users',
      '/recycle-bin',
    ]) {
      await page.goto(path)
      const rows = await page.evaluate<number[]>(rowsOfControls)
      t.ok(rows.length <= 2, `${path}: ${rows}`)
    }
  })

  await t.test('every size fits, beside a broad scrollbar too', async (t) => {
    for (const width of [1024, 1007])
      for (const per of [10, 20, 50, 100]) {
        await page.setViewportSize({ width, height: 768 })
        await page.goto(`/customers?per=${per}`)
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        t.ok(over <= 0, `${per} rows at ${width}`)
        const cut = await page
          .locator('.scroll')
          .evaluate<number, { scrollWidth: number; clientWidth: number }>((one) => one.scrollWidth - one.clientWidth)
        t.ok(cut <= 0, `no column of ${per} rows is cut at ${width}`)
      }
  })

  await t.test('an analysis is seen without scrolling, below the ways to the others', async (t) => {
    await page.setViewportSize({ width: 1024, height: 768 })
    await page.goto('/analysis/customer-levels')
    const { y = 768 } = (await page.locator('.analysis-chart').boundingBox()) ?? {}
    t.ok(y < 384, `its chart begins at ${y}`)
  })

  t.same(complaints, [])
  await context.close()
})
