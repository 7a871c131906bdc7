import type { Page } from 'playwright-core'
import t from 'tap'
import { text } from '../../src/texts/index.ts'
import { browserMissing, openBrowser, signIn } from '../fixtures/browser.ts'
import { addDemoCustomers } from '../fixtures/customers.ts'

/** Of every label on the page the contrast of its letters, on its own ground and on the paper of who prints no grounds. */
const contrasts = `(() => {
  const light = (channel) => (channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
  const brightness = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => light(one / 255))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (one, other) => {
    const [low, high] = [brightness(one), brightness(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  return [...document.querySelectorAll('main .tag')].map((label) => {
    const { color, backgroundColor } = getComputedStyle(label)
    return { name: label.textContent.trim(), own: contrast(color, backgroundColor), paper: contrast(color, 'rgb(255, 255, 255)') }
  })
})()`

const labelsOf = (page: Page) => page.evaluate<{ name: string; own: number; paper: number }[]>(contrasts)
const enough = 4.5

t.test(
  'labels of every tone can be read, in the light, in the dark and on paper',
  { skip: browserMissing },
  async (t) => {
    const { db, visit } = await openBrowser(t)
    const { page, context, complaints } = await visit()
    await addDemoCustomers(db, 30)
    const tones = Object.keys(text.dictionaries.tones)
    await db('tags').insert(tones.map((tone) => ({ name: tone, name_key: tone, name_pinyin: tone, tone, version: 1 })))
    await page.goto('/tags')
    await signIn(page, '韩梅梅')
    for (const path of ['/tags', '/customers'])
      for (const colorScheme of ['light', 'dark'] as const)
        for (const media of ['screen', 'print'] as const) {
          await page.emulateMedia({ colorScheme, media })
          await page.goto(path)
          const labels = await labelsOf(page)
          const faint = labels.filter(({ own, paper }) => own < enough || (media === 'print' && paper < enough))
          t.strictSame(faint, [], `${path} ${colorScheme} ${media}`)
          if (path === '/tags') t.ok(labels.length >= tones.length, `${labels.length} labels`)
        }
    t.same(complaints, [])
    await context.close()
  },
)
