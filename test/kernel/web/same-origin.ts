import t from 'tap'
import { buildTestApp, password } from '../../fixtures/app.ts'

t.test('a form of another site is refused, whatever it asks for', async (t) => {
  const { db, as, anyone } = await buildTestApp(t)
  const one = await as('李雷')
  const own = { extension: '8001', version: 1 }
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
    { 'sec-fetch-site': '', origin: 'null' },
    { 'sec-fetch-site': '' },
  ]
  for (const headers of foreign) {
    const answer = await one.post('/profile', own, headers)
    t.equal(answer.status, 403, JSON.stringify(headers))
    t.match(answer.text, '来自其他网站')
  }
  t.equal((await db('users').where({ username: '李雷' }).first()).extension, null)
  t.equal((await anyone.post('/login', { username: '李雷', password }, { 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal((await one.post('/logout', {}, { 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal((await one.get('/profile', { 'sec-fetch-site': 'cross-site' })).status, 200, 'links work')
  const sameOrigin = { 'sec-fetch-site': '', origin: 'http://localhost:80' }
  t.equal((await one.post('/profile', own, { ...sameOrigin, host: 'localhost:80' })).status, 303, 'old browsers')
})

t.test('40 MB are refused before they are read, signed in or not', async (t) => {
  const { as, anyone } = await buildTestApp(t)
  const payload = `name=${'x'.repeat(40 * 1024 * 1024)}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const [who, url] of [
    [await as('韩梅梅'), '/users'],
    [anyone, '/users'],
    [anyone, '/login'],
  ] as const) {
    const answer = await who.send({ method: 'POST', url, payload, headers })
    t.equal(answer.status, 413)
    t.match(answer.text, '太大')
  }
})
