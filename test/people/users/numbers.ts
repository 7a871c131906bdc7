import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { userRow } from '../../../src/people/users/user-row.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'

const fresh = '一个新密码 New1'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const role = await db('roles').where({ code: 'user' }).first('id')
  let made = 0
  const add = (number: string, more: Record<string, string | number> = {}) => {
    const username = `user${++made}`
    const form = { username, name: username, role_id: role.id, password: fresh, password_again: fresh }
    return admin.post('/users', { ...form, number, ...more })
  }
  const refusal = async (number: string, more = {}) => {
    const answer = await add(number, more)
    if (answer.status !== 422) return `answers ${answer.status}`
    return answer.page.querySelector('#user-number-error')?.text
  }
  const suggested = async () =>
    (await admin.get('/users/new')).page.querySelector('#user-number')?.getAttribute('value')
  const hint = async () => (await admin.get('/users/new')).page.querySelector('#user-number-hint')?.text
  return { db, admin, add, refusal, suggested, hint }
}

t.test('the next free number is suggested; a wrong or used one is refused with the reason', async (t) => {
  const { db, add, refusal, suggested } = await world(t)
  t.equal(await suggested(), 'CC0101')
  t.equal((await add('cc 0101')).status, 303, 'written another way')
  t.ok(await db('users').where({ number: 'CC0101' }).first())
  t.equal((await add('CC0103')).status, 303)
  t.equal(await suggested(), 'CC0102')
  t.match(await refusal('CC0101'), /已由 user1 使用；下一个空号是 CC0102/)
  t.match(await refusal('ＣＣ０１０１'), /已由 user1 使用/)
  t.match(await refusal('CC0207'), /分支编号是 CC01，编号须以 CC01 开头；下一个空号是 CC0102/)
  t.match(await refusal('CC0100'), /01 至 99/)
  for (const wrong of ['C00101', 'CC01011', 'CC010', '0101', '销售0101'])
    t.match(await refusal(wrong), /两个字母加四位数字/)
  t.equal((await add('')).status, 303, 'nobody must have one')
  await db('users').where({ number: 'CC0101' }).update({ status: 'left' })
  t.match(await refusal('CC0101'), /已由 user1 使用/, 'of one who left too')
})

t.test('a preset number that nobody typed is taken anew where it is gone', async (t) => {
  const { db, admin, add, refusal } = await world(t)
  const preset = async () =>
    (await admin.get('/users/new')).page.querySelector('[name=preset_number]')?.getAttribute('value') as string
  const preset_number = await preset()
  t.equal(preset_number, 'CC0101')
  t.equal((await add('CC0101', { preset_number })).status, 303)
  t.equal((await add('CC0101', { preset_number })).status, 303, 'by way of Back, or from a form open meanwhile')
  t.strictSame(await db('users').whereNotNull('number').orderBy('id').pluck('number'), ['CC0101', 'CC0102'])
  t.match(await refusal('CC0102', { preset_number }), /已由 user2 使用/, 'one that was typed is refused')
})

t.test('a branch of its own gives its code to all below', async (t) => {
  const { db, admin, add, refusal } = await world(t)
  const jilin = await addDepartment(db, { name: '吉林分公司', branch_code: 'JL02' }, actor)
  const sales = await addDepartment(db, { name: '销售部', parent_id: jilin }, actor)
  t.match((await admin.get('/users/new')).page.querySelector('#user-number-hint')?.text, 'CC0101、JL0201')
  t.match(await refusal('CC0101', { department_id: sales }), /以 JL02 开头/)
  t.equal((await add('JL0201', { department_id: sales })).status, 303)
  const user = await db('users').where({ number: 'JL0201' }).first()
  const form = { username: user.username, name: user.name, role_id: 2, status: 'active', number: 'JL0201' }
  const answer = await admin.post(`/users/${user.id}`, { ...form, version: user.version, department_id: '' })
  t.match(
    answer.page.querySelector('#user-number-error')?.text,
    /以 CC01 开头/,
    'who changes the branch changes the number',
  )
  const kept = { ...form, position: '经理', version: user.version, department_id: jilin }
  t.equal((await admin.post(`/users/${user.id}`, kept)).status, 303)
})

t.test('all 99 used, and the rule switched off', async (t) => {
  const { db, add, refusal, suggested, hint } = await world(t)
  for (let at = 1; at <= 99; at++) {
    const number = `CC01${String(at).padStart(2, '0')}`
    await db('users').insert(userRow({ username: number, name: '某', password_hash: '-', number }))
  }
  t.equal(await suggested(), '')
  t.match(await hint(), 'CC01 的 99 个编号已用完')
  await changeSettings(db, { isEmployeeNumberRuled: false })
  t.equal(await suggested(), '')
  t.match(await refusal('CC0101'), /已由 某 使用，请换一个/)
  t.equal((await add('A-7')).status, 303)
})

t.test('the card shows who stands above and below', async (t) => {
  const { db, admin, add } = await world(t)
  const top = (await db('users').where({ username: '韩梅梅' }).first()).id
  await add('', { superior_id: top })
  const { id } = await db('users').where({ username: 'user1' }).first()
  await add('', { superior_id: id })
  const card = await admin.get(`/users/${id}`)
  t.match(card.text, /韩梅梅 › user1/)
  t.match(card.text, /直接下属 1 人，含间接共 1 人/)
  t.match((await admin.get(`/users/${top}`)).text, /直接下属 1 人，含间接共 2 人/)
  const below = await admin.get(`/users?superior_id=${top}`)
  t.same(below.page.querySelectorAll('tbody tr').length, 2)
  const user = await db('users').where({ id: top }).first()
  const form = { username: user.username, name: user.name, role_id: 1, status: 'active', version: user.version }
  const circle = await admin.post(`/users/${top}`, { ...form, superior_id: id })
  t.equal(circle.status, 422)
  t.match(circle.page.querySelector('#user-superior_id-error')?.text, /user1 → 韩梅梅 → user1/)
  const self = await admin.post(`/users/${top}`, { ...form, superior_id: top })
  t.match(self.page.querySelector('#user-superior_id-error')?.text, /不能是本人/)
})
