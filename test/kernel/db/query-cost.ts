import { Eta } from 'eta'
import t from 'tap'
import { cachedByRevision } from '../../../src/kernel/db/cache-revision.ts'
import { prepared } from '../../../src/kernel/db/prepared.ts'
import { keeping, keepRendering } from '../../../src/kernel/web/template-cache.ts'
import { openTestDatabase } from '../../fixtures/database.ts'

t.test('what is remembered at a revision is read once, also where it is a query of knex', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const asked: string[] = []
  db.on('query', ({ sql }) => asked.push(sql))
  const rolesAt = cachedByRevision((db) => db('roles').first('id'))
  await Promise.all([rolesAt(db, 1), rolesAt(db, 1)])
  await rolesAt(db, 1)
  t.equal(asked.length, 1)
  await rolesAt(db, 2)
  t.equal(asked.length, 2)
})

t.test('a prepared query answers for the values of each call', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const built: unknown[] = []
  const named = prepared<{ name: string; least: number }, { name: string }>(['name', 'least'], (db, values) => {
    built.push(values)
    return db('tallies').where({ module: 'x', name: values.name }).where('row_count', '>=', values.least).select('name')
  })
  for (const name of ['one', 'two']) await db('tallies').insert({ module: 'x', name, row_count: 5 })
  t.strictSame(await named(db, { name: 'one', least: 0 }), [{ name: 'one' }])
  t.strictSame(await named(db, { name: 'two', least: 5 }), [{ name: 'two' }])
  t.strictSame(await named(db, { name: 'two', least: 6 }), [])
  t.equal(built.length, 2, 'built once to be compiled, and for the first call')
})

t.test('data marked for keeping is rendered once, whatever stands around it', async (t) => {
  let rendered = 0
  const eta = keeping(new Eta())
  eta.loadTemplate('@part', '<%= it.name() %><%= it.around %>')
  eta.loadTemplate('@page', '<%~ include("@part", it.part) %>')
  const name = () => `part ${++rendered}`
  const part = keepRendering({ name })
  t.equal(
    eta.render('@page', { part, around: ' one' }),
    'part 1undefined',
    'nothing of the page gets into what is kept',
  )
  t.equal(eta.render('@page', { part, around: ' two' }), 'part 1undefined')
  t.equal(eta.render('@page', { part: { name }, around: ' two' }), 'part 2 two')
})
