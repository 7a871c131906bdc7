import t from 'tap'
import { barChart } from '../../../src/kernel/report/chart.ts'
import { paperSlices } from '../../../src/kernel/report/paper-slices.ts'

const drawn = async (count: number) => {
  const bars = Array.from({ length: count }, (_, at) => ({ label: `第${at + 1}级`, value: at }))
  return (await barChart({ bars, width: 720, height: 300, unit: '个' })) as string
}
const numberIn = (source: string, name: string) => Number(new RegExp(`${name}="([\\d.]+)"`).exec(source)?.[1])

t.test('a chart that fits on a sheet is not cut', async (t) => {
  t.same(paperSlices(await drawn(5)), [])
  t.same(paperSlices(await drawn(25)), [])
})

t.test('a longer one is cut between its rows, and whole in its parts', async (t) => {
  const source = await drawn(200)
  const slices = paperSlices(source)
  t.ok(slices.length > 5)
  const [first, ...others] = slices.map(({ height }) => height)
  t.ok(Number(first) <= 820, 'below the head of the paper')
  t.ok(Number(others[0]) > 820, 'the next sheets are used to their end')
  let end = 0
  for (const { viewBox, height } of slices) {
    t.equal(viewBox, `0 ${end} 720 ${height}`)
    t.ok(height > 0 && height <= 960)
    end += height
    const rows = (end - numberIn(source, 'data-first-row')) / numberIn(source, 'data-row')
    if (end < numberIn(source, ' height')) t.equal(rows, Math.round(rows), 'no row is cut')
  }
  t.equal(end, numberIn(source, ' height'))
})
