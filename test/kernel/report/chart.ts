import { parse } from 'node-html-parser'
import t from 'tap'
import { barLayout } from '../../../src/kernel/report/bar-layout.ts'
import { type Bar, type BarChart, barChart } from '../../../src/kernel/report/chart.ts'
import { fitLabel } from '../../../src/kernel/report/labels.ts'
import { parseSvg } from '../../../src/kernel/report/svg.ts'

const bars = (count: number): Bar[] =>
  Array.from({ length: count }, (_, at) => ({ label: `来源 ${at + 1}`, value: (at * 37) % 101 }))

const levels: Bar[] = [
  { label: '重点客户', value: 1290, href: '/customers?level=a&page=1' },
  { label: '一般客户', value: 128, href: '/customers?level=b' },
  { label: '未分级', value: 0 },
]

async function draw(chart: Partial<BarChart> & { bars: Bar[] }) {
  const svg = await barChart({ width: 760, height: 300, unit: '家', ...chart })
  if (svg === null) throw new Error('No chart')
  parseSvg(svg)
  return { svg, page: parse(svg) }
}

t.test('nothing to draw is no chart', async (t) => {
  t.equal(await barChart({ bars: [], width: 760, height: 300, unit: '家' }), null)
})

for (const count of [1, 5, 14, 200]) {
  t.test(`${count} bars stand in the page without any style or id`, async (t) => {
    const { svg, page } = await draw({ bars: bars(count), title: '客户来源分析' })
    t.equal(page.querySelectorAll('path.chart-bar').length, count)
    t.notMatch(svg, /<style|\sstyle=|\sid=|<script|\son\w+=|NaN|undefined/)
    const texts = page.querySelectorAll('text').map((text) => text.text)
    for (const { label } of bars(count)) t.ok(texts.includes(label), label)
  })
}

t.test('many bars lie and the chart grows', async (t) => {
  const few = (await draw({ bars: bars(8) })).page.querySelector('svg')
  const many = (await draw({ bars: bars(200) })).page.querySelector('svg')
  t.equal(few?.getAttribute('height'), '300')
  t.equal(few?.hasAttribute('data-row'), false)
  t.ok(Number(many?.getAttribute('height')) >= 200 * Number(many?.getAttribute('data-row')))
})

t.test('values stand on the bars, with the same decimals throughout', async (t) => {
  const texts = (bars: Bar[]) =>
    draw({ bars }).then(({ page }) => page.querySelectorAll('text').map((text) => text.text))
  t.match(await texts(levels), ['重点客户', '一般客户', '未分级', '1,290', '128', '0'])
  const decimals = await texts([
    { label: '甲', value: -1.5 },
    { label: '乙', value: 2 },
  ])
  t.ok(decimals.includes('-1.50') && decimals.includes('2.00'))
})

t.test('a bar leads to its records and says what it is', async (t) => {
  const { page } = await draw({ bars: levels, title: '客户级别分析' })
  t.same(
    page.querySelectorAll('a').map((link) => link.getAttribute('href')),
    ['/customers?level=a&page=1', '/customers?level=b'],
  )
  t.equal(page.querySelector('a title')?.text, '重点客户：1,290 家')
  t.equal(page.querySelector('svg')?.getAttribute('role'), 'group')
  t.match(page.querySelector('svg')?.getAttribute('aria-label'), /客户级别分析.*3 项.*重点客户 1,290 家/)
  t.equal((await draw({ bars: bars(3) })).page.querySelector('svg')?.getAttribute('role'), 'img')
})

t.test('labels are text, whatever they hold', async (t) => {
  const label = `<script>alert("x")</script>'&amp;`
  for (const more of [[], bars(20)]) {
    const { svg, page } = await draw({ bars: [{ label, value: 3, href: `/x?"><b>'` }, ...more], title: label })
    t.equal(page.querySelectorAll('script, b').length, 0)
    t.notMatch(svg, /<script/)
    t.ok(page.querySelectorAll('title').some((title) => title.text === `${label}：3 家`))
  }
})

t.test('long labels end in an ellipsis and keep the whole name in the hint', async (t) => {
  const long = '长春市净月高新技术产业开发区东北亚机电设备有限公司第三销售渠道及其他所有来源合计'
  for (const more of [7, 20]) {
    const { page } = await draw({ bars: [{ label: long, value: 3 }, ...bars(more)] })
    const texts = page.querySelectorAll('text').map((text) => text.text)
    t.ok(texts.some((text) => text.endsWith('…')))
    t.notOk(texts.includes(long))
    t.equal(page.querySelector('title')?.text, `${long}：3 家`)
  }
})

/** How light a colour is, from 0 to 100 (CIE L*). */
function lightness(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16
}

t.test('nine parts of a bar stay apart without colours, in the legend as in the bars', async (t) => {
  const series = Array.from({ length: 9 }, (_, at) => `来源${at}`)
  const parts = series.map(() => 20)
  const { page } = await draw({ bars: [{ label: '甲', value: 180, parts }], series, isStacked: true })
  const bars = page.querySelectorAll('.chart-part')
  t.equal(bars.length, 9)
  const linesOf = (d = '') => d.match(/M[^M]+/g)?.map((line) => (line.match(/-?[\d.]+/g) ?? []).map(Number)) ?? []
  const looks = bars.map((bar) => {
    const lines = bar.parentNode?.tagName === 'G' ? linesOf(bar.nextElementSibling?.getAttribute('d')) : []
    const slopes = lines.map(([x = 0, y = 0, toX = 0, toY = 0]) => Math.sign((toY - y) * (toX - x)))
    const [x = 0, y = 0, width = 0, , , height = 0] = (bar.getAttribute('d')?.match(/-?[\d.]+/g) ?? []).map(Number)
    for (const [fromX = 0, fromY = 0, toX = 0, toY = 0] of lines) {
      t.ok(
        Math.min(fromX, toX) >= x - 0.06 && Math.max(fromX, toX) <= x + width + 0.06,
        'beside each other within the bar',
      )
      t.ok(Math.max(fromY, toY) <= y + 0.06 && Math.min(fromY, toY) >= y + height - 0.06, 'above each other too')
    }
    return { light: lightness(bar.getAttribute('fill') as string), lines: [...new Set(slopes)].sort().join() }
  })
  for (const [at, one] of looks.entries())
    for (const other of looks.slice(0, at))
      t.ok(
        one.lines !== other.lines || Math.abs(one.light - other.light) >= 18,
        `${at}: ${JSON.stringify([one, other])}`,
      )
  t.same(
    looks.map(({ lines }) => lines),
    ['', '', '', '', '-1', '-1,1', '1', '0', '1'],
  )
  const signs = page.querySelectorAll('path').filter((path) => /^M0 0l14 0l0 10/.test(path.getAttribute('d') ?? ''))
  t.same(
    signs.map((sign) => [sign.getAttribute('fill'), sign.parentNode?.tagName === 'G']),
    bars.map((bar) => [bar.getAttribute('fill'), bar.parentNode?.tagName === 'G']),
  )
})

t.test('a label is broken into as many lines as there are, and shortened to its room', async (t) => {
  t.equal(fitLabel('一二三四五六七八', 4, 2), '一二三四\n五六七八')
  t.equal(fitLabel('一二三四五六七八九', 4, 2), '一二三四\n五六七…')
  t.equal(fitLabel('一二三四五', 4, 1), '一二三…')
  t.equal(fitLabel('一二三四', 4, 1), '一二三四')
  const label = '东北亚机电设备有限公司长春'
  const upright = barLayout({ bars: [{ label, value: 1 }, ...bars(4)], width: 760, height: 300, unit: '家' })
  t.same([upright.isHorizontal, upright.labels[0]?.replace('\n', '')], [false, label], 'two lines below a bar')
  t.match(upright.labels[0], '\n')
})

t.test('each part of a bar leads to its own records', async (t) => {
  const partHrefs = ['/customers?a', undefined, '/customers?c']
  const bar = { label: '甲', value: 6, href: '/customers?all', parts: [1, 2, 3], partHrefs }
  const { page } = await draw({ bars: [bar], series: ['一', '二', '三'], isStacked: true })
  t.same(
    page.querySelectorAll('a').map((link) => [link.getAttribute('href'), link.getAttribute('aria-label')]),
    [
      ['/customers?a', '甲，一：1 家'],
      ['/customers?c', '甲，三：3 家'],
    ],
  )
})

t.test('the same figures give the same drawing', async (t) => {
  t.equal((await draw({ bars: levels })).svg, (await draw({ bars: levels })).svg)
})
