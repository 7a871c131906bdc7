import t from 'tap'
import { openDatabase } from '../../src/db/open.ts'
import { faultOf } from '../fixtures/both-engines.ts'

const db = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
t.teardown(() => db.destroy())
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

t.test('what SQL Server would refuse is noticed on SQLite', async (t) => {
  const ordered = () => db('a').select('id').orderBy('id')
  const wrong = {
    'offset without order by': db('a').select('id').offset(3).limit(2),
    'a Latin collation': db('a').whereILike('x', 'y'),
    'onConflict() is not supported': db('a').insert({ x: 1 }).onConflict('x').ignore(),
    'a bound Date': db('a').where('x', new Date()),
    'update with a join': db('a').join('b', 'a.id', 'b.id').update({ x: 1 }),
    'order by in a subquery': db('a').whereIn('id', ordered()),
    '2101 parameters': db('a').whereIn('id', numbers(2101)),
    'more than 1,000 rows': db('a').insert(numbers(1001).map((x) => ({ x }))),
  }
  for (const [fault, query] of Object.entries(wrong)) t.match(faultOf(query as never), fault)
  t.match(faultOf(db.from(ordered().as('part')) as never), 'order by in a subquery')
  t.match(faultOf(db.with('part', ordered()).from('part') as never), 'order by in a subquery')
})

t.test('what both understand is let through', async (t) => {
  const cut = () => db('a').select('id').orderBy('id').limit(3)
  t.equal(faultOf(db.from(cut().as('part')).orderBy('id').limit(2).offset(1) as never), undefined)
  t.equal(faultOf(db('a').whereIn('id', numbers(2000)).delete() as never), undefined)
  t.equal(faultOf(db('a').insert(numbers(1000).map((x) => ({ x }))) as never), undefined)
})
