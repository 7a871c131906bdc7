import t from 'tap'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { type Browser, browser, buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'

const fresh = '一个新密码 New1'
const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const made = await buildTestApp(t)
  const roles = Object.fromEntries((await made.db('roles')).map(({ code, id }) => [code, id]))
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  return { ...made, roles, idOf, admin: await made.as('韩梅梅') }
}

/** The form of a user as a browser would send it, with some fields changed. */
async function editForm(admin: Browser, id: number, more: Record<string, string | number> = {}) {
  const { page } = await admin.get(`/users/${id}/edit`)
  const fields = page
    .querySelectorAll('#user input:not([type=checkbox]), #user input[checked], #user select')
    .map((field) => {
      const chosen = field.querySelector('option[selected]')?.getAttribute('value')
      return [field.getAttribute('name'), field.getAttribute('value') ?? chosen ?? '']
    })
  return { ...Object.fromEntries(fields), ...more } as Record<string, string | number>
}

t.test('a new user is added once, found in the list and must change the password', async (t) => {
  const { db, app, admin, roles } = await world(t)
  const department_id = await addDepartment(db, { name: '销售部' }, actor)
  const page = await admin.get('/users/new')
  const form_id = page.page.querySelector('input[name=form_id]')?.getAttribute('value') as string
  const form = {
    form_id,
    username: 'Ｚhang.San',
    name: '单<script>alert(1)</script>𠮷',
    number: 'CC0107',
    sex: 'female',
    position: '100%_[主管]',
    mobile: '+86 138 0013 8000',
    extension: '801',
    email: 'zhang@example.com',
    joined_on: '2026/3/1',
    role_id: roles.user,
    password: fresh,
    password_again: fresh,
  }
  const answer = await admin.post('/users', form)
  t.match(answer.location, /^\/users\/\d+$/)
  t.equal((await admin.post('/users', form)).location, answer.location, 'a double click adds one')
  const card = await admin.get(answer.location as string)
  for (const shown of ['Zhang.San', 'CC0107', '女', '普通用户', '2026-03-01', '单<script>alert(1)</script>𠮷', '新增'])
    t.ok(card.page.textContent.includes(shown), shown)
  t.notOk(card.page.querySelector('main script'))
  t.notMatch(card.body, /argon2id|scrypt/)
  t.match(await db('users').where({ username_key: 'zhang.san' }).first(), {
    name_pinyin: /^shan/,
    is_password_due: true,
  })
  for (const q of ['shan', 'CC01', '138001', 'zhang', '𠮷'])
    t.equal((await admin.get(`/users?q=${encodeURIComponent(q)}`)).page.querySelectorAll('tbody tr').length, 1, q)
  for (const q of ['%', '_', '[', "'"])
    t.equal((await admin.get(`/users?q=${encodeURIComponent(q)}`)).page.querySelectorAll('tbody tr').length, 0, q)
  const role = await admin.get(`/users?role_id=${roles.administrator}`)
  t.match(role.text, '韩梅梅')
  t.notMatch(role.text, '李雷')
  t.equal((await admin.get(`/users?department_id=${department_id}`)).page.querySelectorAll('tbody tr').length, 0)
  const one = browser(app, {})
  await one.post('/login', { username: 'zhang.san', password: fresh })
  t.equal((await one.get('/customers')).location, '/profile/password')
})

t.test('what cannot be stored is refused at its field, and stays in the form', async (t) => {
  const { db, admin, roles } = await world(t)
  const good = { username: 'zhao', name: '赵敏', role_id: roles.user, password: fresh, password_again: fresh }
  const bad: [Record<string, string | number>, string, string][] = [
    [{ username: '李雷' }, 'username', '已有人使用'],
    [{ username: '' }, 'username', '请填写用户名'],
    [{ username: 'a b' }, 'username', '只能由'],
    [{ username: '<b>' }, 'username', '只能由'],
    [{ username: 'ﷺ'.repeat(30) }, 'username', '只能由'],
    [{ name: '长'.repeat(4000) }, 'name', '最多 50 个字'],
    [{ name: '' }, 'name', '请填写姓名'],
    [{ number: '𠮷'.repeat(11) }, 'number', '最多 20 个字'],
    [{ extension: '8'.repeat(21) }, 'extension', '最多 20 个字'],
    [{ email: 'nowhere' }, 'email', '邮箱'],
    [{ joined_on: '2026-02-30' }, 'joined_on', '真实存在'],
    [{ role_id: 99 }, 'role_id', '请从列表中选择'],
    [{ role_id: '' }, 'role_id', '请填写角色'],
    [{ department_id: '1 or 1=1' }, 'department_id', '请从列表中选择'],
    [{ sex: 'x' }, 'sex', '请从列表中选择'],
    [{ password: '' }, 'password', '请填写初始密码'],
    [{ password_again: `${fresh}x` }, 'password_again', '不一致'],
  ]
  for (const [change, field, sentence] of bad) {
    const answer = await admin.post('/users', { ...good, ...change })
    t.equal(answer.status, 422, JSON.stringify(change).slice(0, 60))
    t.match(answer.page.querySelector(`#user-${field}-error`)?.text, sentence)
    t.notMatch(answer.body, fresh, 'the password is not sent back')
    if (field !== 'name') t.equal(answer.page.querySelector('#user-name')?.getAttribute('value'), '赵敏')
  }
  t.equal(await db('users').where({ name: '赵敏' }).first(), undefined)
})

t.test('a user name is taken whatever its case and width', async (t) => {
  const { db, admin, roles, idOf } = await world(t)
  const good = { name: '赵敏', role_id: roles.user, password: fresh, password_again: fresh }
  t.equal((await admin.post('/users', { ...good, username: 'Zhao' })).status, 303)
  for (const username of ['zhao', 'ZHAO', 'ｚｈａｏ', ' zhao '])
    t.equal((await admin.post('/users', { ...good, username })).status, 422, username)
  const id = await idOf('李雷')
  const answer = await admin.post(`/users/${id}`, await editForm(admin, id, { username: 'ＺＨＡＯ' }))
  t.match(answer.page.querySelector('#user-username-error')?.text, '已有人使用')
  t.equal((await db('users').where({ id }).first()).username, '李雷')
})

t.test('a change is kept in the history, and the second of two who save has to choose', async (t) => {
  const { db, admin, idOf, roles, as } = await world(t)
  const id = await idOf('李雷')
  const other = await as('韩梅梅')
  const mine = await editForm(admin, id, { position: '经理', mobile: '13800138000' })
  const theirs = await editForm(other, id, { position: '主管', role_id: roles.administrator })
  t.equal((await other.post(`/users/${id}`, theirs)).status, 303)
  const conflict = await admin.post(`/users/${id}`, mine)
  t.equal(conflict.status, 409)
  t.match(conflict.text, '韩梅梅')
  const hidden = conflict.page
    .querySelectorAll('form[action^="/users/"] input[type=hidden]')
    .map((field) => [field.getAttribute('name'), field.getAttribute('value') ?? ''])
  const chosen = { ...Object.fromEntries(hidden), keep_position: 'theirs' }
  t.equal((await admin.post(`/users/${id}`, chosen)).location, `/users/${id}`)
  t.match(await db('users').where({ id }).first(), { position: '主管', mobile: '13800138000', version: 3 })
  t.strictSame(await db('user_roles').where({ user_id: id }).pluck('role_id'), [roles.administrator])
  const card = await admin.get(`/users/${id}`)
  t.match(card.text, '普通用户 → 超级管理员')
  const before = await db('events').count({ events: '*' }).first()
  t.equal((await admin.post(`/users/${id}`, await editForm(admin, id))).status, 303)
  t.strictSame(await db('events').count({ events: '*' }).first(), before, 'a save without a change leaves no trace')
})

t.test('addresses that are no users are not found', async (t) => {
  const { admin } = await world(t)
  for (const id of ['1%20or%201=1', '9223372036854775808', '2147483648', '0', '-1', '1.5', '99999', '%00', '韩'])
    for (const page of ['', '/edit', '/closure', '/password-reset'])
      t.equal((await admin.get(`/users/${encodeURI(decodeURI(id))}${page}`)).status, 404, id + page)
  t.equal((await admin.post('/users/99999', { version: 1 })).status, 404)
  t.equal((await admin.post('/users/99999/closure')).status, 404)
})

t.test('the list sorts, prints and exports', async (t) => {
  const { admin } = await world(t)
  const names = (page: Awaited<ReturnType<Browser['get']>>) =>
    page.page.querySelectorAll('tbody tr').map((row) => row.querySelector('a')?.text)
  t.strictSame(names(await admin.get('/users')), ['韩梅梅', '李雷', '王芳', '系统管理员'])
  t.strictSame(names(await admin.get('/users?sort=-name')), ['系统管理员', '王芳', '李雷', '韩梅梅'])
  t.match((await admin.get('/users/print')).text, '李雷')
  t.match((await admin.get('/users.csv')).body, '李雷')
  t.notMatch((await admin.get('/users.csv')).body, /argon2id|scrypt/)
})
