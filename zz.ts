import { chromium } from 'playwright-core'

const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const z = await b.newContext({
  baseURL: 'http://127.0.0.1:4301',
  viewport: { width: 512, height: 384 },
  deviceScaleFactor: 2,
  locale: 'zh-CN',
})
z.setDefaultTimeout(8000)
const p = await z.newPage()
p.on('dialog', (d) => d.accept())
await p.goto('/customers/new')
await p.fill('[name=username]', 'lizq')
await p.fill('[name=password]', 'Kehu-2026!')
await p.keyboard.press('Enter')
await p.waitForURL('**/customers/new')
await p.locator('[name=name]:focus').waitFor()
for (let i = 0; i < 25; i++) {
  await p.keyboard.press('Enter')
  await p.waitForTimeout(30)
  const r = await p.evaluate(
    `(() => { const a = document.activeElement, r = a.getBoundingClientRect(), s = document.querySelector('.submit').getBoundingClientRect(), h = document.elementFromPoint(r.left + r.width/2, r.top + r.height/2); return [a.name, Math.round(r.top), Math.round(r.bottom), Math.round(s.top), h === a || a.contains(h) || h?.className] })()`,
  )
  console.log(JSON.stringify(r))
  if (!(r as string[])[0]) break
}
await b.close()
