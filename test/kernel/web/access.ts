import Fastify from 'fastify'
import t from 'tap'
import { access } from '../../../src/kernel/web/access.ts'
import { buildTestApp } from '../../fixtures/app.ts'

t.test('a route without a right, or with a misspelt one, stops the program from starting', async (t) => {
  const app = Fastify()
  access(app)
  t.throws(() => app.get('/a', () => ''), /names no known permission: undefined/)
  t.throws(() => app.get('/b', { config: { permission: 'users.look' as never } }, () => ''), /users\.look/)
  t.doesNotThrow(() => app.get('/c', { config: { permission: 'users.view' } }, () => ''))
})

t.test('what one may not do is not there: no menu entry, and the address answers 403', async (t) => {
  const { db, as } = await buildTestApp(t)
  const plain = await as('李雷')
  const { id } = await db('users').where({ username: '王芳' }).first('id')
  for (const url of ['/users', '/users/new', `/users/${id}`, `/users/${id}/edit`, `/users/${id}/closure`]) {
    const answer = await plain.get(url)
    t.equal(answer.status, 403, url)
    t.match(answer.text, '没有进行此操作的权限')
    t.notMatch(answer.text, '王芳')
  }
  for (const url of ['/users', `/users/${id}`, `/users/${id}/closure`, `/users/${id}/password-reset`])
    t.equal((await plain.post(url, { name: 'x' })).status, 403, url)
  t.notOk((await plain.get('/profile')).page.querySelector('nav a[href="/users"]'))
  t.ok((await (await as('韩梅梅')).get('/profile')).page.querySelector('nav a[href="/users"]'))
})

t.test('a person without a role may do nothing but what everyone may', async (t) => {
  const { as } = await buildTestApp(t)
  const one = await as('王芳')
  t.equal((await one.get('/users')).status, 403)
  t.equal((await one.get('/profile')).status, 200)
})

t.test('rights taken away are gone with the next request', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [admin, other] = [await as('韩梅梅'), await as('韩梅梅')]
  t.equal((await other.get('/users')).status, 200)
  const one = await db('users').where({ username: '韩梅梅' }).first()
  const role = await db('roles').where({ code: 'user' }).first('id')
  const form = { username: one.username, name: one.name, role_id: role.id, status: 'active', version: one.version }
  t.equal((await admin.post(`/users/${one.id}`, form)).status, 303)
  t.equal((await other.get('/users')).status, 403)
})

t.test('signed out, a page leads to the sign-in and a part of a page takes the whole page there', async (t) => {
  const { anyone } = await buildTestApp(t)
  t.equal((await anyone.get('/users')).location, '/login?to=%2Fusers')
  const part = await anyone.get('/users?q=x', { 'hx-request': 'true', 'hx-request-type': 'full' })
  t.match(part, { status: 204, headers: { 'hx-redirect': '/login?to=%2Fusers%3Fq%3Dx' } })
  const asked = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-current-url': 'http://a.example/users/new' }
  t.match(await anyone.get('/users?q=x', asked), { status: 401, text: /登录已过期/ }, 'but leaves a form where it is')
  t.equal((await anyone.get('/nowhere')).location, '/login?to=%2Fnowhere', 'whether it exists or not')
  t.equal((await anyone.send({ method: 'DELETE', url: '/users/1' })).status, 404)
})
