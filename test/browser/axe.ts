import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browserMissing, leads, openBrowser, press, signIn, unfold } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'
import { collectRoutes } from '../fixtures/routes.ts'
import { otherScreens, prepareScreens } from '../fixtures/screens.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const routes = collectRoutes()

type Fault = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }

/** Every way letters stand on a ground: both colours, size and weight, of whatever axe-core looks at. */
const letters = `(() => {
  const grounds = (element) => {
    if (!element) return ''
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element)
    return [backgroundColor, backgroundImage, opacity, grounds(element.parentElement)].join(' ')
  }
  const hasLetters = (element) =>
    element.matches('input, select, textarea') ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim())
  const isLookedAt = (element) => element.checkVisibility() && !element.closest(':disabled, [aria-disabled=true]')
  return [...document.querySelectorAll('body *')]
    .filter((element) => hasLetters(element) && isLookedAt(element))
    .map((element) => {
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element)
      return [color, fontSize, fontWeight, textShadow, grounds(element)].join(' ')
    })
})()`

const looked = new Set<string>()

/** Whether there are letters on a ground as no screen before had them; from now on they are known. */
async function isNewToTheEye(page: Page): Promise<boolean> {
  const { size } = looked
  for (const one of await page.evaluate<string[]>(letters)) looked.add(one)
  return looked.size > size
}

/** What axe-core finds wrong with these rules, one line each; their contrast only where it is not known yet. */
async function violations(page: Page, scheme: 'light' | 'dark', others: boolean): Promise<string[]> {
  const hasContrast = await isNewToTheEye(page)
  if (!others && !hasContrast) return []
  const rules = { 'color-contrast': { enabled: hasContrast } }
  const wanted = { resultTypes: ['violations'], ...(others ? { rules } : { runOnly: ['color-contrast'] }) }
  const found = await page.evaluate<Fault[]>(`axe.run(${JSON.stringify(wanted)}).then((found) => found.violations)`)
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${scheme} ${id}: ${node.target} ${node.failureSummary}`))
}

/** What axe-core finds wrong on a page; all its rules in the light, those of colour in the dark. */
async function faults(page: Page): Promise<string[]> {
  const light = await violations(page, 'light', true)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await violations(page, 'dark', false)
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark]
}

const isTooWide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')

async function looksAt(t: Test, page: Page, name: string) {
  t.same(await faults(page), [], name)
  t.notOk(await isTooWide(page), `${name} fits on 1024 pixels`)
}

t.test('every screen', { skip: browserMissing }, async (t) => {
  const { app, db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 30)
  const { page, complaints } = await visit()
  await page.addInitScript(axe)
  await page.goto('/login')
  await looksAt(t, page, 'sign-in')
  await signIn(page, '韩梅梅', 'wrong')
  await looksAt(t, page, 'sign-in refused')
  const screens = await prepareScreens(page, app)
  const others = await otherScreens(app, routes, ['/login', ...screens.map(([address]) => address)])
  t.comment(`${screens.length} screens by hand, ${others.length} found by their routes`)
  for (const [address, status = 200] of [...screens, ...others.map((address): [string] => [address])]) {
    const answer = await page.goto(address)
    // A page of a record made for it may say that there is nothing to do.
    t.ok([status, 409].includes(answer?.status() ?? 0), `${address} answers ${answer?.status()}`)
    await looksAt(t, page, address)
  }
  await refusedForm(t, page)
  await conflict(t, page, db)
  await forbidden(t, page)
  t.same(complaints, [], 'the browser had nothing to complain about')
})

async function refusedForm(t: Test, page: Page) {
  await page.goto('/customers/new')
  await page.getByLabel('客户名称').fill('长春错误有限公司')
  await unfold(page)
  await page.getByLabel('税号').fill('912201046730202763')
  await press(page, '保存')
  await page.getByRole('alert').waitFor()
  await looksAt(t, page, 'a form with faults')
}

async function conflict(t: Test, page: Page, db: Awaited<ReturnType<typeof openBrowser>>['db']) {
  await page.goto('/customers/1/edit')
  await db('customers').where({ id: 1 }).update({ version: 9, name: '别人改过的名称' })
  await press(page, '保存')
  await page.getByRole('table').waitFor()
  await looksAt(t, page, 'a conflict')
}

async function forbidden(t: Test, page: Page) {
  await leads(page, () => page.getByRole('button', { name: '退出' }).click())
  await page.goto('/')
  await signIn(page, '李雷')
  t.equal((await page.goto('/customers/new'))?.status(), 403)
  await looksAt(t, page, 'a page that is not for this person')
}
