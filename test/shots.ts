import t from 'tap'
import { openBrowser, signIn } from './fixtures/browser.ts'
import { addDemoCustomers } from './fixtures/customers.ts'
import { prepareScreens } from './fixtures/screens.ts'

const { app, db, visit } = await openBrowser(t)
await addDemoCustomers(db, 30)
const { page } = await visit()
await prepareScreens(page, app)
await page.goto('/customers.csv').catch(() => {})
await page.goto('/customers/print')
await page.goto('/audit-log/verification')
await page.screenshot({ path: '/tmp/shots/v0.png' })
await page.locator('main button.primary').click()
const shots: Record<string, string> = {
  list: '/audit-log?per=20',
  filtered: '/audit-log?action=update&record_type=customers',
  reversed: '/audit-log?occurred_on_from=2026-03-02&occurred_on_to=2026-03-01',
  verification: '/audit-log/verification',
  comparison: '/audit-log/verification/comparison?last_sequence=x&last_hash=',
  cleanup: '/audit-log/cleanup',
  report: '/audit-log/verification/print',
  print: '/audit-log/print',
  settings: '/settings',
}
for (const [name, path] of Object.entries(shots)) {
  await page.goto(path)
  await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: name === 'settings' })
}
const { id } = await db('events').where({ action: 'verify' }).first('id')
await page.goto(`/audit-log/${id}`)
await page.screenshot({ path: '/tmp/shots/entry.png' })
await page.goto('/audit-log/verification/print')
await page.emulateMedia({ media: 'print' })
await page.screenshot({ path: '/tmp/shots/report-paper.png' })
t.pass('x')
