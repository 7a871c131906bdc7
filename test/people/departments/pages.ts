import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const made = await buildTestApp(t)
  const admin = await made.as('韩梅梅')
  const add = (name: string, parent_id: number | null = null) => addDepartment(made.db, { name, parent_id }, actor)
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  const place = (username: string, department_id: number) =>
    made.db('users').where({ username }).update({ department_id })
  const version = async (id: number) => (await made.db('departments').where({ id }).first('version')).version as number
  return { ...made, admin, add, idOf, place, version }
}

t.test('the tree is shown with its heads, its people and what can be done', async (t) => {
  const { db, as, admin, add, idOf, place } = await world(t)
  const empty = await admin.get('/departments')
  t.match(empty.text, '还没有部门')
  t.notOk(empty.page.querySelector('a[href="/departments/print"]'), 'nothing to print')
  const sales = await add('销售部<b>')
  const first = await add('销售一部', sales)
  await place('李雷', first)
  await place('王芳', sales)
  const answer = await admin.post('/departments', { name: '客服部', head_id: await idOf('李雷') })
  t.match(answer.location, /^\/departments#department-\d+$/)
  const { page } = await admin.get('/departments')
  const rows = page.querySelectorAll('tbody tr').map((row) =>
    row
      .querySelectorAll('td')
      .slice(0, 4)
      .map((cell) => cell.text.trim()),
  )
  t.strictSame(rows, [
    ['销售部<b>', '', '1', '2'],
    ['销售一部', '', '1', '1'],
    ['客服部', '李雷', '0', '0'],
  ])
  t.equal(page.querySelectorAll(`#department-${first} .step`).length, 1)
  await db('users')
    .where({ username: '韩梅梅' })
    .update({ department_id: Number(answer.location?.split('-').at(-1)) })
  const counts = (await admin.get('/departments')).page.querySelectorAll('tbody tr td:nth-child(4)')
  t.strictSame(
    counts.map((cell) => cell.text.trim()),
    ['2', '1', '1'],
    'those beside are not counted with it',
  )
  await db('users').where({ username: '韩梅梅' }).update({ department_id: null })
  const people = await admin.get(`/users?department_id=${sales}`)
  t.match(people.text, /李雷.*王芳|王芳.*李雷/, 'with those below')
  const chart = await admin.get('/departments/print')
  t.match(chart.text, /销售一部 李雷/)
  t.match(chart.text, /客服部 李雷 负责人/)
  t.match(chart.text, /未分配部门 .*韩梅梅/)
  t.match((await admin.get('/audit-log?action=print')).text, '部门', 'that it was printed stands in the log')
  const head = await idOf('王芳')
  await place('韩梅梅', sales)
  await admin.post(`/departments/${sales}`, { name: '销售部', head_id: head, version: 1 })
  t.match((await admin.get('/departments/print')).text, /销售部 王芳 负责人 韩梅梅 销售一部/, 'the head first')
  await db('users').where({ username: '王芳' }).update({ status: 'left' })
  await db('users').where({ username: '李雷' }).update({ status: 'left' })
  await bumpRevision(db)
  const without = await admin.get('/departments/print')
  t.match(without.text, /销售部 韩梅梅 销售一部/)
  t.notMatch(without.text, /王芳|李雷/, 'who has left stands nowhere, be it as head')
  t.match((await admin.get('/departments')).text, /王芳 已离职/, 'but that a head is missing is told')
  await db('users').update({ status: 'active' })
  for (const path of ['/departments', '/departments/print', '/departments/new', `/departments/${sales}/edit`])
    t.equal((await (await as('李雷')).get(path)).status, 403, path)
})

t.test('what cannot be is refused at its field, and stays in the form', async (t) => {
  const { db, admin, add, idOf, version } = await world(t)
  const sales = await add('销售部')
  const first = await add('销售一部', sales)
  await db('users').where({ username: '李雷' }).update({ status: 'left' })
  const bad: [Record<string, string | number>, string, RegExp][] = [
    [{ name: '' }, 'name', /请填写部门名称/],
    [{ name: '长'.repeat(51) }, 'name', /最多 50/],
    [{ name: '客服部' }, 'name', /同名/],
    [{ parent_id: sales }, 'parent_id', /不能是本部门自己/],
    [{ parent_id: first }, 'parent_id', /销售一部 → 销售部 → 销售一部/],
    [{ parent_id: 99 }, 'parent_id', /请从列表中选择/],
    [{ head_id: await idOf('李雷') }, 'head_id', /李雷.*已离职/],
    [{ branch_code: 'C1' }, 'branch_code', /两个字母加两位数字/],
  ]
  await add('客服部')
  for (const [change, field, sentence] of bad) {
    const form = { name: '销售部', version: await version(sales), ...change }
    const answer = await admin.post(`/departments/${sales}`, form)
    t.equal(answer.status, 422, JSON.stringify(change).slice(0, 60))
    t.match(answer.page.querySelector(`#departments-${field}-error`)?.text, sentence)
    if (field !== 'name') t.equal(answer.page.querySelector('#departments-name')?.getAttribute('value'), '销售部')
  }
  t.equal((await admin.post('/departments', { name: '销售部' })).status, 422)
  t.equal((await admin.get('/departments/2147483647/edit')).status, 404)
  t.equal((await db('departments')).length, 3)

  const elsewhere = { name: ' 客服部', parent_id: sales }
  const asked = await admin.post('/departments', elsewhere)
  t.equal(asked.status, 422, 'a name that stands in another place is asked about')
  t.match(asked.page.querySelector('.duplicates a')?.getAttribute('href'), /^\/departments#department-\d+$/)
  t.equal((await db('departments')).length, 3)
  t.equal((await admin.post('/departments', { ...elsewhere, is_duplicate_accepted: 'true' })).status, 303, 'once')
  t.equal((await admin.post(`/departments/${first}`, { ...elsewhere, version: await version(first) })).status, 422)
})

t.test('a department moves, takes its place by arrows, and two people at once lose nothing', async (t) => {
  const { db, admin, add, version } = await world(t)
  const [sales, service] = [await add('销售部'), await add('客服部')]
  const first = await add('一部', sales)
  const arrows = async () =>
    (await admin.get('/departments')).page
      .querySelectorAll('tbody tr')
      .map((row) => row.querySelectorAll('button').map((button) => button.text))
  t.strictSame(await arrows(), [['↓'], [], ['↑']], 'none at an end, none where there is nothing beside')
  const move = (direction: string) => admin.post(`/departments/${service}/position`, { direction })
  const order = () => db('departments').whereNull('parent_id').orderBy('position').pluck('name')
  for (let times = 0; times < 2; times++) await move('up')
  t.strictSame(await order(), ['客服部', '销售部'])
  for (let times = 0; times < 2; times++) await move('down')
  t.strictSame(await order(), ['销售部', '客服部'])
  await move('up')
  const moves = await db('events').where({ record_id: service, action: 'update' }).orderBy('id').pluck('changes')
  t.match(
    moves.map((changes) => JSON.parse(changes)),
    [
      ['2', '1'],
      ['1', '2'],
      ['2', '1'],
    ].map(([beforeText, afterText]) => [{ field: 'position', beforeText, afterText }]),
  )
  t.equal(moves.length, 3, 'at an end nothing happens')
  const opened = await version(first)
  const moved = await admin.post(`/departments/${first}`, { name: '一部', parent_id: service, version: opened })
  t.equal(moved.location, `/departments#department-${first}`)
  t.same(await db('department_paths').where({ descendant_id: first, depth: 1 }).pluck('ancestor_id'), [service])
  const late = await admin.post(`/departments/${first}`, { name: '新一部', parent_id: sales, version: opened })
  t.equal(late.status, 409)
  t.equal((await db('departments').where({ id: first }).first()).name, '一部')
  const { text } = await admin.get(`/departments/${first}/edit`)
  t.match(text, /上级部门.*销售部.*客服部/)
})

t.test('a department goes only when it is empty, and the page says what to do', async (t) => {
  const { db, admin, add, place, version } = await world(t)
  const sales = await add('销售部')
  const first = await add('一部', sales)
  await place('李雷', first)
  t.match((await admin.get(`/departments/${sales}/deletion`)).text, /还有 1 个下级部门.*移到其他部门/)
  const page = await admin.get(`/departments/${first}/deletion`)
  t.match(page.text, /还有 1 位员工.*调到其他部门/)
  t.notOk(page.page.querySelector('main form:not(.undo)'))
  for (const id of [sales, first])
    t.equal((await admin.post(`/departments/${id}/deletion`, { version: await version(id) })).status, 409)
  await db('users').where({ username: '李雷' }).update({ status: 'left' })
  t.match((await admin.get(`/departments/${first}/deletion`)).text, /1 位已离职员工/)
  t.equal((await admin.post(`/departments/${first}/deletion`, { version: 99 })).status, 409, 'changed meanwhile')
  for (const id of [first, sales])
    t.equal((await admin.post(`/departments/${id}/deletion`, { version: await version(id) })).location, '/departments')
  t.strictSame([await db('departments'), await db('department_paths')], [[], []])
  t.equal((await db('users').where({ username: '李雷' }).first()).department_id, null)
})
