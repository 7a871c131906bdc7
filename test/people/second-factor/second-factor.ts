import t from 'tap'
import { type Answer, browser, buildTestApp, password } from '../../fixtures/app.ts'
import { codeFor, holdClock, scanned, setUpFactor } from '../../fixtures/authenticator.ts'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  t.teardown(holdClock())
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  /** A browser that has typed name and password. */
  const atTheDoor = async (username: string) => {
    const one = browser(made.app, {}, '10.0.0.7')
    const answer = await one.post('/login', { username, password })
    return Object.assign(one, { answer })
  }
  return { ...made, idOf, atTheDoor }
}

const path = '/login/second-factor'
const actsIn = ({ page }: Answer) =>
  page.querySelectorAll('.actions a').map((link) => link.getAttribute('href')?.replace('/profile/second-factor/', ''))

t.test('set up by QR code, it is asked for after the password, and opens', async (t) => {
  const { db, app, as, atTheDoor, idOf } = await world(t)
  const one = await as('李雷')
  const other = await as('李雷')
  const { secret, codes, answer, shown } = await setUpFactor(one)
  t.equal(answer.location, '/profile/second-factor/recovery-codes')
  t.equal(codes.length, 10)
  t.equal(new Set(codes).size, 10)
  t.match(shown.text, '李雷')
  t.equal((await one.get('/profile/second-factor/recovery-codes')).location, '/profile/second-factor', 'shown once')
  const card = await one.get('/profile/second-factor')
  t.match(card.text, '10 个')
  t.strictSame(actsIn(card), ['new', 'recovery-codes/new', 'removal'])
  t.strictSame(actsIn(await (await as('王芳')).get('/profile/second-factor')), ['new'], 'without it there is but one')
  t.notOk(card.page.querySelector('.pairs .tone-amber'))
  const [few, ...rest] = await db('recovery_codes').orderBy('id').pluck('id')
  await db('recovery_codes').whereIn('id', rest.slice(2)).update({ used_at: new Date().toISOString() })
  t.notOk((await one.get('/profile/second-factor')).page.querySelector('.pairs .tone-amber'), 'three are enough')
  await db('recovery_codes').where({ id: few }).update({ used_at: new Date().toISOString() })
  t.match(
    (await one.get('/profile/second-factor')).page.querySelector('.pairs .tone-amber')?.text,
    '2 个',
    'two are few',
  )
  await db('recovery_codes').update({ used_at: null })
  t.equal((await other.get('/profile')).status, 303, 'sessions elsewhere end')
  const stored = JSON.stringify([await db('second_factors'), await db('recovery_codes'), await db('sessions')])
  t.notOk([secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))].some((word) => stored.includes(word)))
  const door = await atTheDoor('李雷')
  t.equal(door.answer.location, path)
  t.notOk(door.cookies.kehu_session, 'no session yet')
  t.equal((await door.get('/customers')).location, '/login?to=%2Fcustomers', 'nothing opens with half a sign-in')
  const set = String(door.answer.headers['set-cookie'])
  t.match(set, /kehu_sign_in=[\w-]{43}; Path=\/login; HttpOnly; SameSite=Lax/)
  t.equal((await door.get(path)).status, 200)
  t.equal((await door.post(path, { code: codeFor(secret) })).location, '/')
  t.equal((await door.get('/profile')).status, 200)
  t.equal((await db('sign_ins')).length, 0)
  const events = await db('events')
    .where({ user_id: await idOf('李雷') })
    .orderBy('id')
    .pluck('action')
  t.strictSame(events, ['sign-in', 'sign-in', 'second-factor', 'sign-in'], 'signed in only with both')
  await app.ready()
})

t.test('full-width digits and blanks are made right, other lengths refused without counting', async (t) => {
  const { db, as, atTheDoor } = await world(t)
  const { secret } = await setUpFactor(await as('李雷'))
  const door = await atTheDoor('李雷')
  for (const code of ['1234567', '12345', '', 'abcdef', '一二三四五六', 'x'.repeat(5000), "1' or 1"]) {
    const answer = await door.post(path, { code })
    t.equal(answer.status, 422, code.slice(0, 20))
    t.match(answer.page.querySelector('[role=alert]')?.text, '6 位数字')
    t.equal((await db('second_factors').first()).failures, 0)
  }
  const wide = [...codeFor(secret)].map((digit) => String.fromCodePoint((digit.codePointAt(0) as number) + 0xfee0))
  t.equal((await door.post(path, { code: ` ${wide.slice(0, 3).join('')}　${wide.slice(3).join('')} ` })).location, '/')
})

t.test('no code is accepted twice, and no older one after it', async (t) => {
  const { as, atTheDoor } = await world(t)
  const { secret } = await setUpFactor(await as('李雷'))
  const code = codeFor(secret)
  const doors = [await atTheDoor('李雷'), await atTheDoor('李雷'), await atTheDoor('李雷')]
  const answers = await Promise.all(doors.map((door) => door.post(path, { code })))
  t.strictSame(answers.map(({ status }) => status).sort(), [303, 422, 422], 'one of three at once')
  const late = await atTheDoor('李雷')
  t.equal((await late.post(path, { code })).status, 422)
  t.equal((await late.post(path, { code: codeFor(secret, -30) })).status, 422)
  t.equal((await late.post(path, { code: codeFor(secret, 30) })).status, 303)
})

t.test('a clock that is off by one step is right, by two is not', async (t) => {
  const { db, as, atTheDoor } = await world(t)
  const { secret } = await setUpFactor(await as('李雷'))
  await db('second_factors').update({ last_step: 0 })
  const door = await atTheDoor('李雷')
  for (const minute of [-60, 60, -90, 90])
    t.equal((await door.post(path, { code: codeFor(secret, minute) })).status, 422)
  t.equal((await door.post(path, { code: codeFor(secret, -30) })).status, 303)
  const again = await atTheDoor('李雷')
  t.equal((await again.post(path, { code: codeFor(secret, 30) })).status, 303)
})

t.test('twenty wrong codes: five are looked at, then it is locked; the administrator unlocks', async (t) => {
  const { db, as, atTheDoor, idOf } = await world(t)
  const { secret, codes } = await setUpFactor(await as('李雷'))
  const door = await atTheDoor('李雷')

  const wrong = codeFor(secret) === '000000' ? '000001' : '000000'
  const answers = await Promise.all(Array.from({ length: 20 }, () => door.post(path, { code: wrong })))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([422]))
  t.equal((await door.post(path, { code: codeFor(secret) })).status, 422, 'even the right one')
  t.equal((await door.post(path, { code: codes[0] as string })).status, 422, 'even a recovery code')
  t.equal((await db('events').where({ action: 'second-factor-locked' })).length, 1)
  t.ok((await db('events').where({ action: 'second-factor-failed', record_name: '李雷' })).length >= 20)
  const id = await idOf('李雷')
  const admin = await as('韩梅梅')
  t.match((await admin.get(`/users/${id}`)).text, '验证码锁定至')
  await admin.post(`/users/${id}/unlocking`)
  t.equal((await door.post(path, { code: codeFor(secret, 30) })).status, 303)
  await db('second_factors').update({ locked_until_at: new Date(Date.now() - 1).toISOString() })
  t.equal(
    (await (await atTheDoor('李雷')).post(path, { code: codes[0] as string })).status,
    303,
    'after the time it opens',
  )
})

t.test('a recovery code opens once, however it is typed', async (t) => {
  const { db, as, atTheDoor } = await world(t)
  const { codes } = await setUpFactor(await as('李雷'))
  const [first = '', second = ''] = codes
  const door = await atTheDoor('李雷')
  t.equal((await door.post(path, { code: first })).location, '/')
  t.match((await door.get('/profile')).text, '还剩 9 个')
  const again = await atTheDoor('李雷')
  t.equal((await again.post(path, { code: first })).status, 422, 'twice')
  const wide = second.toUpperCase().replaceAll(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
  t.equal((await again.post(path, { code: wide.replaceAll('－', '　') })).location, '/')
  t.equal((await db('events').where({ action: 'recovery-code' })).length, 2)
})

t.test('recovery codes are made anew with the password, and the old ones are of no use', async (t) => {
  const { db, as, atTheDoor } = await world(t)
  const one = await as('李雷')
  const { codes } = await setUpFactor(one)
  const address = '/profile/second-factor/recovery-codes'
  t.equal((await one.get(`${address}/new`)).status, 200)
  t.equal((await one.post(address, { password_current: 'Wrong wrong 1' })).status, 422)
  t.equal((await one.post(address)).status, 422)
  t.equal((await one.post(address, { password_current: password })).location, address)
  const fresh = (await one.get(address)).page.querySelectorAll('.codes code').map(({ text }) => text)
  t.equal(fresh.length, 10)
  t.equal((await db('events').where({ action: 'recovery-codes', record_name: '李雷' })).length, 1, 'the log has it')
  const door = await atTheDoor('李雷')
  t.equal((await door.post(path, { code: codes[0] as string })).status, 422)
  t.equal((await door.post(path, { code: fresh[0] as string })).status, 303)
  const without = await as('王芳')
  t.equal((await without.post(address, { password_current: password })).location, '/profile/second-factor')
})

t.test('setting up needs the password, a right code, and the secret the page came with', async (t) => {
  const { db, as } = await world(t)
  const one = await as('李雷')
  const page = await one.get('/profile/second-factor/new')
  const secret = scanned(page)
  const sealedOf = (answer: typeof page) =>
    answer.page.querySelector('input[name=sealed]')?.getAttribute('value') as string
  t.match(page.text.replaceAll(' ', ''), secret, 'the secret can be typed as well')
  const good = { sealed: sealedOf(page), code: codeFor(secret), password_current: password }
  const others = await (await as('王芳')).get('/profile/second-factor/new')
  const bad: [Record<string, string>, string][] = [
    [{ code: '000000' === good.code ? '000001' : '000000' }, '验证码不正确'],
    [{ code: '1234567' }, '验证码不正确'],
    [{ code: codeFor(secret, 90) }, '验证码不正确'],
    [{ password_current: 'Wrong wrong 1' }, '当前密码不正确'],
    [{ password_current: '' }, '请填写当前密码'],
    [{ sealed: '' }, '已失效'],
    [{ sealed: `${good.sealed.slice(0, -4)}AAAA` }, '已失效'],
    [{ sealed: sealedOf(others), code: codeFor(scanned(others)) }, '已失效'],
  ]
  for (const [change, sentence] of bad) {
    const answer = await one.post('/profile/second-factor', { ...good, ...change })
    t.equal(answer.status, 422, sentence)
    t.match(answer.text, sentence)
    if (!('sealed' in change)) t.equal(scanned(answer), secret, 'the same code is still shown')
  }
  t.equal((await db('second_factors')).length, 0)
  t.equal((await one.post('/profile/second-factor', good)).status, 303)
})

t.test('it is taken away with the password, or by the administrator, who cannot do so for oneself', async (t) => {
  const { db, as, atTheDoor, idOf } = await world(t)
  const one = await as('李雷')
  await setUpFactor(one)
  const removal = '/profile/second-factor/removal'
  t.equal((await one.post(removal, { password_current: 'Wrong wrong 1' })).status, 422)
  t.equal((await one.post(removal, { password_current: password })).location, '/profile/second-factor')
  t.equal((await atTheDoor('李雷')).answer.location, '/')
  const again = await as('李雷')
  await setUpFactor(again)
  const admin = await as('韩梅梅')
  const reset = `/users/${await idOf('李雷')}/second-factor-reset`
  t.match((await admin.get(reset)).text, '确认是本人')
  t.equal((await admin.post(reset)).status, 303)
  t.equal((await again.get('/profile')).status, 303, 'the sessions end')
  t.equal((await atTheDoor('李雷')).answer.location, '/')
  t.match(await db('events').where({ action: 'second-factor-reset' }).first(), {
    user_name: '韩梅梅',
    record_name: '李雷',
  })
  await admin.post(reset)
  t.match((await admin.get('/users')).text, '没有启用两步验证')
  await setUpFactor(admin)
  const mine = `/users/${await idOf('韩梅梅')}/second-factor-reset`
  t.equal((await admin.post(mine)).location, '/profile/second-factor')
  t.equal((await db('second_factors')).length, 1)
})

t.test('a role can ask for it: nothing else opens before, and it cannot be switched off', async (t) => {
  const { db, as } = await world(t)
  const early = await as('李雷')
  await db('roles').where({ code: 'user' }).update({ is_second_factor_required: true })
  await db('revisions').increment('number', 1)
  const place = '/profile/second-factor/new'
  for (const url of ['/', '/customers', '/profile', '/profile/second-factor', '/profile/password'])
    t.equal((await early.get(url)).location, place, url)
  t.equal((await early.post('/profile', { version: 1, mobile: '13800138000' })).location, place)
  t.equal((await db('users').where({ username: '李雷' }).first()).mobile, null)
  t.match((await early.get(place)).text, '您的角色要求两步验证')
  const { secret } = await setUpFactor(early)
  t.ok(secret)
  t.equal((await early.get('/customers')).status, 200)
  const refused = await early.post('/profile/second-factor/removal', { password_current: password })
  t.equal(refused.status, 422)
  t.match(refused.text, '不能停用')
  t.strictSame(actsIn(await early.get('/profile/second-factor')), ['new', 'recovery-codes/new'], 'nor is it offered')
  t.equal((await (await as('韩梅梅')).get('/customers')).status, 200, 'other roles go on without')
  await db('users').where({ username: '李雷' }).update({ is_password_due: true })
  t.equal((await early.get(place)).location, '/profile/password', 'a new password comes first')
})

t.test('the wait for a code ends after ten minutes, and with the account', async (t) => {
  const { app, db, as, atTheDoor } = await world(t)
  const { secret } = await setUpFactor(await as('李雷'))
  const door = await atTheDoor('李雷')
  await db('sign_ins').update({ created_at: new Date(Date.now() - 9 * 60_000).toISOString() })
  t.equal((await door.get(path)).status, 200)
  await db('sign_ins').update({ created_at: new Date(Date.now() - 11 * 60_000).toISOString() })
  t.equal((await door.get(path)).location, '/login')
  t.equal((await door.post(path, { code: codeFor(secret) })).location, '/login')
  const another = await atTheDoor('李雷')
  await db('users').where({ username: '李雷' }).update({ status: 'left' })
  t.equal((await another.post(path, { code: codeFor(secret) })).location, '/login')
  await db('users').where({ username: '李雷' }).update({ status: 'active' })
  const third = await atTheDoor('李雷')
  t.equal((await third.post('/login/cancellation')).location, '/login')
  t.equal((await third.post(path, { code: codeFor(secret) })).location, '/login')
  t.equal((await browser(app, {}).get(path)).location, '/login')
})
