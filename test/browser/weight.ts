import type { Page } from 'playwright-core'
import t from 'tap'
import { browserMissing, openBrowser, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

type Load = { url: string; type: string; bytes: number }

/** Everything that comes over the wire from now on, with its size; what the browser still holds does not. */
async function watchLoads(page: Page): Promise<Load[]> {
  const session = await page.context().newCDPSession(page)
  const loads: Load[] = []
  const open = new Map<string, Omit<Load, 'bytes'>>()
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, response, type }) => {
    open.set(requestId, { url: response.url, type })
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const load = open.get(requestId)
    if (load && encodedDataLength > 0) loads.push({ ...load, bytes: encodedDataLength })
  })
  return loads
}

const sum = (loads: Load[]) => loads.reduce((total, { bytes }) => total + bytes, 0)

t.test('pages are light', { skip: browserMissing }, async (t) => {
  const { db, visit } = await openBrowser(t)
  await addDemoCustomers(db, 60)
  const { page } = await visit()
  const loads = await watchLoads(page)
  const settle = () => page.waitForLoadState('networkidle')

  await page.goto('/customers')
  await settle()
  await signIn(page, '韩梅梅')
  await settle()
  const first = loads.splice(0)
  t.ok(sum(first) <= 60 * 1024, `signing in and the first list take ${sum(first)} bytes`)
  t.ok(first.length <= 8, `in ${first.length} answers`)
  const bytesOf = (name: string) => sum(first.filter(({ url }) => url.endsWith(`-${name}`)))
  for (const [name, most] of [
    ['kehu.css', 14],
    ['htmx.js', 14],
    ['app.js', 8],
    ['list.js', 4],
  ] as const)
    t.ok(bytesOf(name) > 0 && bytesOf(name) <= most * 1024, `${bytesOf(name)} bytes of it are ${name}`)

  await page.goto('/customers?page=2')
  await settle()
  t.ok(sum(loads) > 0 && sum(loads) <= 15 * 1024, `another page of the list takes ${sum(loads)} bytes`)
  t.equal(loads.length, 1, 'and nothing but the page is fetched')
})
