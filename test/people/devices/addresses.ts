import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { addressesIn, addressList, isAddress, senderOf } from '../../../src/kernel/web/addresses.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'

t.test('addresses and networks', async (t) => {
  for (const right of ['192.168.1.20', '10.0.0.0/8', '::1', '2001:db8::/32', '0.0.0.0/0', '10.0.0.0/32'])
    t.ok(isAddress(right), right)
  for (const wrong of [
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0',
    '10.0.0.1/',
    '10.0.0.1/x',
    'a.example',
    '',
    '1.2.3.4/8/9',
    'fe80::1%eth0',
  ])
    t.notOk(isAddress(wrong), wrong)
  t.strictSame(addressesIn('１０.0.0.1，10.0.0.2、10.0.0.3\r\n ::1'), ['10.0.0.1', '10.0.0.2', '10.0.0.3', '::1'])
  const list = addressList(['192.168.1.0/24', '2001:db8::/32', '10.0.0.7'])
  for (const inside of ['192.168.1.255', '::ffff:192.168.1.7', '2001:db8:1::9', '10.0.0.7']) t.ok(list(inside), inside)
  for (const outside of ['192.168.2.1', '10.0.0.8', '2001:db9::1', '::1', '', 'x']) t.notOk(list(outside), outside)
})

t.test('attempts are counted for a sender: an address, or an IPv6 network', async (t) => {
  t.equal(senderOf('192.168.1.7'), '192.168.1.7')
  t.equal(senderOf('::ffff:192.168.1.7'), '192.168.1.7')
  t.equal(senderOf('2001:DB8:0:1::9'), '2001:db8:0:1::/64')
  t.equal(senderOf('2001:db8::1:2:3:4'), '2001:db8:0:0::/64')
  t.equal(senderOf('::1'), '0:0:0:0::/64')
  t.equal(senderOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
})

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const admin = await made.as('韩梅梅')
  const { id } = await made.db('users').where({ username: '李雷' }).first('id')
  const restrict = (allowed_addresses: string, version = 1) =>
    admin.post(`/users/${id}/access`, { allowed_addresses, version })
  return { ...made, admin, id, restrict }
}

const from = (remoteAddress: string) => ({
  remoteAddress,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})
const payload = new URLSearchParams({ username: '李雷', password }).toString()

t.test('from elsewhere the sign-in answers as always, and the log says why', async (t) => {
  const { app, db, admin, id, restrict } = await world(t)
  t.equal((await restrict('192.168.1.0/24\n10.0.0.7')).location, `/users/${id}`)
  t.match((await admin.get(`/users/${id}`)).text, '192.168.1.0/24、10.0.0.7')
  const knock = (address: string) => browser(app, {}).send({ method: 'POST', url: '/login', payload, ...from(address) })
  t.equal((await knock('192.168.1.30')).status, 303)
  t.equal((await knock('::ffff:10.0.0.7')).status, 303)
  for (const address of ['192.168.2.1', '127.0.0.1', '::1']) {
    const answer = await knock(address)
    t.equal(answer.status, 422, address)
    t.match(answer.text, '用户名或密码不正确')
  }
  t.match(await db('events').where({ action: 'sign-in-elsewhere' }), Array(3).fill({ record_name: '李雷' }))
  t.equal((await db('users').where({ id }).first()).failures, 0, 'a stranger elsewhere does not lock the account')
})

t.test('a session is of no use from elsewhere, and the list holds at once', async (t) => {
  const { as, restrict } = await world(t)
  const one = await as('李雷')
  await restrict('192.168.1.0/24')
  t.equal((await one.get('/profile')).location, '/login?to=%2Fprofile')
  const there = await one.send({ method: 'GET', url: '/profile', remoteAddress: '192.168.1.9' })
  t.equal(there.status, 200)
  await restrict('', 2)
  t.equal((await one.get('/profile')).status, 200, 'taken back')
})

t.test('wrong entries are refused with a sentence, and nobody locks oneself out', async (t) => {
  const { db, admin, restrict } = await world(t)
  for (const wrong of ['10.0.0.0/33', '192.168.1', '10.0.0.1 abc', '<script>'.repeat(20)]) {
    const answer = await restrict(wrong)
    t.equal(answer.status, 422, wrong.slice(0, 20))
    t.match(answer.page.querySelector('#access-allowed_addresses-error')?.text, '不是地址')
    t.equal(answer.page.querySelector('textarea')?.text.trim(), wrong, 'what was typed is kept')
  }
  t.equal((await restrict(Array.from({ length: 200 }, (_, n) => `10.0.1.${n}`).join(' '))).status, 422)
  const me = await db('users').where({ username: '韩梅梅' }).first('id')
  const own = await admin.post(`/users/${me.id}/access`, { allowed_addresses: '192.168.1.0/24', version: 1 })
  t.equal(own.status, 422)
  t.match(own.text, '您现在的地址 127.0.0.1 不在其中')
  t.equal((await db('user_access')).length, 0)
  t.equal((await admin.post(`/users/${me.id}/access`, { allowed_addresses: '127.0.0.0/8', version: 1 })).status, 303)
  t.equal((await admin.get('/users')).status, 200)
})

t.test('of two who change it at once, the second is asked', async (t) => {
  const { db, restrict } = await world(t)
  t.equal((await restrict('10.0.0.1')).status, 303)
  const second = await restrict('10.0.0.2')
  t.equal(second.status, 409)
  t.match(second.text, '10.0.0.2')
  t.equal((await db('user_access').first()).allowed_addresses, '10.0.0.1')
  t.equal((await restrict('10.0.0.2', 2)).status, 303)
})

t.test('behind a proxy the address is the one the proxy saw, whatever the visitor claims', async (t) => {
  const { app: here, db, restrict } = await world(t)
  const DATA_DIR = here.config.dataDir
  await restrict('203.0.113.7')
  const behind = async (trust: string) => {
    const app = await buildApp(readConfig({ DATABASE_URL: 'sqlite::memory:', DATA_DIR, TRUST_PROXY: trust }), db)
    t.teardown(() => app.close())
    return (forwarded: string, remoteAddress = '127.0.0.1') =>
      browser(app, {}).send({
        method: 'POST',
        url: '/login',
        payload,
        remoteAddress,
        headers: { ...from('').headers, 'x-forwarded-for': forwarded },
      })
  }
  const near = await behind('true')
  t.equal((await near('203.0.113.7')).status, 303)
  t.equal((await near('203.0.113.7, 198.51.100.9')).status, 422, 'what stands before the last the visitor wrote')
  t.equal((await near('198.51.100.9, 203.0.113.7')).status, 303)
  const two = await behind('127.0.0.1,10.0.0.0/8')
  t.equal((await two('203.0.113.7, 10.0.0.5')).status, 303, 'two proxies, both named')
  t.equal((await two('203.0.113.7', '198.51.100.9')).status, 422, 'a sender that is no proxy is not believed')
  const none = await behind('false')
  t.equal((await none('203.0.113.7')).status, 422)
  t.match(await db('events').where({ action: 'sign-in' }).orderBy('id').pluck('address'), [
    '127.0.0.1',
    '203.0.113.7',
    '203.0.113.7',
    '203.0.113.7',
  ])
})
