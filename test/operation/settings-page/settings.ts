import t from 'tap'
import { create, errorAt, fieldsIn, typed } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'

type Form = Record<string, string | string[]>

/** What stands in the form of the settings, with every box that is ticked. */
async function formOf(browser: Browser): Promise<Form> {
  const answer = await browser.get('/settings')
  const boxes = answer.page.querySelectorAll('input[name=requiredCustomerFields][checked]')
  const requiredCustomerFields = boxes.map((box) => box.getAttribute('value') ?? '')
  return { ...fieldsIn(answer), requiredCustomerFields }
}

const sentenceAt = ({ page }: Answer, name: string) => page.querySelector(`#settings-${name}-error`)?.text.trim() ?? ''

t.test('what is changed holds at once, and the history says what it was', async (t) => {
  const { as, db } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = await formOf(admin)
  t.match(form, { customerCodePattern: 'KH{000000}', idleMinutes: '30', requiredCustomerFields: [] })
  const answer = await admin.post('/settings', {
    ...form,
    companyName: '长春明日科技',
    customerCodePattern: 'C{yyyy}-{0000}',
    shortestPassword: '12',
    emptyWords: ' 待补　- ',
    requiredCustomerFields: ['phone', 'level_id'],
  })
  t.match(answer, { status: 303, location: '/settings' })
  const after = await admin.get('/settings')
  t.match(after.page.querySelector('title')?.text + after.text, /长春明日科技/)
  t.match(after.page.querySelector('#settings-customerCodePattern-hint')?.text, /C\d{4}-0001/)
  const history = after.page.querySelector('.history')?.text.replace(/\s+/g, ' ') ?? ''
  t.match(history, /客户编码规则: KH\{000000\} → C\{yyyy\}-\{0000\}/)
  t.match(history, /密码最短位数: 8 → 12/)
  t.match(history, /客户资料必填项: （空） → 电话1、客户级别|客户资料必填项: （空） → 客户级别、电话1/)
  t.match(history, /导入时视为空白的内容: - \/ .*null none → 待补 -/)
  t.equal((await db('settings').where({ name: 'emptyWords' }).first('value')).value, '["待补","-"]')
  t.match((await admin.get('/users/new')).text, /至少 12 位/)
  t.equal((await db('events').where({ record_type: 'settings', action: 'update' })).length, 1)
  await admin.post('/settings', await formOf(admin))
  t.equal((await db('events').where({ record_type: 'settings' })).length, 1, 'nothing changed, nothing noted')
})

t.test('every wrong value is refused at its field', async (t) => {
  const { as, db } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = await formOf(admin)
  const wrong: Record<string, string[]> = {
    companyName: ['', ' ', '长'.repeat(51)],
    areaCode: ['', '431', '04311', '0431-', 'x'],
    customerCodePattern: [
      '',
      'KH',
      '{000}{00}',
      '{000}{x}',
      '{000',
      'K H{00}',
      '{yyyy}',
      `${'x'.repeat(35)}{000000}`,
      '{0}}',
    ],
    contactCodePattern: ['', 'LX', `${'长'.repeat(32)}{000000}`],
    idleMinutes: ['', '4', '1441', '1.5', 'x', '-5', '999999999999'],
    longestSessionHours: ['0', '169'],
    failuresBeforeLock: ['2', '21'],
    lockMinutes: ['0', '1441'],
    shortestPassword: ['7', '33'],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values) {
      const answer = await admin.post('/settings', { ...form, [name]: value })
      t.equal(answer.status, 422, `${name}: ${value}`)
      t.ok(sentenceAt(answer, name), `a sentence at ${name}: ${value}`)
    }
  t.strictSame(await db('settings').pluck('name'), ['areaCode'], 'nothing but what tests begin with')
  const hostile = await admin.post('/settings', { ...form, companyName: '<script>alert(1)</script>' })
  t.equal(hostile.status, 303)
  t.notMatch((await admin.get('/settings')).body, '<script>alert')
  const odd = {
    ...(await formOf(admin)),
    requiredCustomerFields: ['phone', 'phone', 'password_hash', '__proto__', 'x,email'],
  }
  await admin.post('/settings', odd)
  t.strictSame(JSON.parse((await db('settings').where({ name: 'requiredCustomerFields' }).first('value')).value), [
    'email',
    'phone',
  ])
})

t.test('a number is taken from the least to the greatest its hint names, and none beyond', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { page } = await admin.get('/settings')
  const bounds = page.querySelectorAll('main p.hint').flatMap(({ id, text }) => {
    const [, least, most] = /^(\d+)–(\d+)/.exec(text.trim()) ?? []
    return most ? [{ name: id.replace(/^settings-|-hint$/g, ''), least: Number(least), most: Number(most) }] : []
  })
  t.ok(bounds.length > 10, `${bounds.length} numbers`)
  const send = async (of: (bound: (typeof bounds)[number]) => number) =>
    admin.post('/settings', {
      ...(await formOf(admin)),
      ...Object.fromEntries(bounds.map((bound) => [bound.name, String(of(bound))])),
    })
  for (const refused of [await send(({ least }) => least - 1), await send(({ most }) => most + 1)])
    for (const { name } of bounds) t.ok(sentenceAt(refused, name), name)
  t.equal((await send(({ least }) => least)).status, 303)
  t.equal((await send(({ most }) => most)).status, 303)
})

t.test('two people at once: the second is asked', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const [first, second] = [await formOf(admin), await formOf(admin)]
  await admin.post('/settings', { ...first, companyName: '甲公司', areaCode: '010' })
  const refused = await admin.post('/settings', { ...second, companyName: '乙公司' })
  t.equal(refused.status, 409)
  const asked = fieldsIn(refused)
  t.match(asked, { areaCode: '010', version: '2' }, 'what only the first changed is kept')
  t.equal((await admin.post('/settings', { ...asked, keep_companyName: 'theirs' })).status, 303)
  t.match(await formOf(admin), { companyName: '甲公司', areaCode: '010' })
  t.equal((await admin.post('/settings', { ...first, version: 'x', companyName: '丙公司' })).status, 409)
})

t.test('required fields are starred, asked for, and of persons alone where only they have them', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const old = await create(admin)
  await admin.post('/settings', { ...(await formOf(admin)), requiredCustomerFields: ['phone', 'birthday_on'] })
  const company = await admin.get('/customers/new')
  const star = (answer: Answer, name: string) => answer.page.querySelector(`label[for=customer-${name}] .required`)
  t.ok(star(company, 'phone'))
  t.notOk(star(company, 'birthday_on'))
  const refused = await admin.post('/customers', typed())
  t.equal(refused.status, 422)
  t.equal(errorAt(refused, 'phone'), '请填写电话1。')
  t.notOk(errorAt(refused, 'birthday_on'))
  const person = await admin.post('/customers', typed({ kind: 'person', phone: '0431-84978981' }))
  t.equal(errorAt(person, 'birthday_on'), '请填写生日。')
  t.ok(star(person, 'birthday_on'))
  t.ok(await create(admin, { phone: '0431-84978981' }))
  t.ok(await create(admin, { kind: 'person', phone: '0431-84978981', birthday_on: '1990-02-28' }))
  const edit = await admin.post(`/customers/${old}`, typed({ version: 1, short_name: '明日' }))
  t.equal(edit.status, 422, 'a customer from before is asked for it when it is changed')
})

t.test('the settings are for administrators', async (t) => {
  const { as, db } = await buildTestApp(t)
  const plain = await as('李雷')
  t.equal((await plain.get('/settings')).status, 403)
  t.equal((await plain.post('/settings', { companyName: 'x' })).status, 403)
  t.notMatch((await plain.get('/customers')).text, '系统设置')
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id: role.id, permission: 'settings.view' })
  await db('revisions').increment('number', 1)
  const seen = await plain.get('/settings')
  t.equal(seen.status, 200)
  t.match(seen.text, /公司名称/)
  t.notOk(seen.page.querySelector('main form:not(.undo)'))
})

t.test('another area code makes the keys of all telephone numbers anew, as a job', async (t) => {
  const { as, db, app } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin, { name: '本地公司', phone: '84978981' })
  const binned = await create(admin, { name: '回收公司', phone: '84978982' })
  await admin.post(`/customers/${binned}/deletion`, { version: '1' })
  for (let more = 0; more < 260; more++) await create(admin, { name: `远方${more}公司`, phone: '010-88886666' })
  const keys = () =>
    db('customer_keys')
      .where({ kind: 'phone' })
      .whereIn('customer_id', [id, binned])
      .orderBy('customer_id')
      .pluck('value_key')
  t.strictSame(await keys(), ['+8643184978981', '+8643184978982'])
  await admin.post('/settings', { ...(await formOf(admin)), companyName: '明日' })
  t.equal((await db('jobs')).length, 0, 'nothing to do where the area code stays')
  await admin.post('/settings', { ...(await formOf(admin)), areaCode: '0432' })
  const job = await db('jobs').first()
  const bar = (await admin.get('/customers')).page.querySelector(`header a[href="/jobs/${job.id}"]`)
  t.ok(bar?.text.includes(job.title), 'in the top bar')
  await app.runJobs()
  t.match((await admin.get(`/jobs/${job.id}`)).text, /区号 0432.*已重新整理 262 个客户/)
  t.strictSame(await keys(), ['+8643284978981', '+8643284978982'], 'in the recycle bin too')
  const found = await admin.get('/customers/duplicates?phone=0432-84978981')
  t.match(found.text, /本地公司/)
})
