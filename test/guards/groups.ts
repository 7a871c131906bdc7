import { readdirSync } from 'node:fs'
import t from 'tap'
import { groups } from '../fixtures/groups.ts'

const isTest = (file: string) => file.endsWith('.ts') && !/(^|\/)(fixtures|suite)\//.test(file)
const tests = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(isTest)
const suites = readdirSync(new URL('../suite', import.meta.url))

t.test('every test is in one group, and every group is run', async (t) => {
  const places = Object.values(groups).flat()
  const holding = (file: string) => places.filter((place) => file === place || file.startsWith(`${place}/`))
  t.same(
    tests.filter((file) => holding(file).length !== 1),
    [],
  )
  t.same(
    places.filter((place) => !tests.some((file) => holding(file).includes(place))),
    [],
  )
  t.same(
    suites.sort(),
    Object.keys(groups)
      .map((name) => `${name}.ts`)
      .sort(),
  )
})
