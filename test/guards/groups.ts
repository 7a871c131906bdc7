import { readdirSync } from 'node:fs'
import t from 'tap'
import { groups } from '../fixtures/groups.ts'

const tests = readdirSync(new URL('..', import.meta.url)).filter((name) => !['fixtures', 'suite'].includes(name))
const files = readdirSync(new URL('../suite', import.meta.url))

t.test('every test is in one group, and every group is run', async (t) => {
  t.same(Object.values(groups).flat().sort(), tests.sort())
  t.same(
    files.sort(),
    Object.keys(groups)
      .map((name) => `${name}.ts`)
      .sort(),
  )
})
