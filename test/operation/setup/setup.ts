import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { browser, buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { accountForm } from '../../mail/fixtures/office.ts'

const password = 'Anfang-2026'

t.test('on a new installation the guide waits for who administers, until it is put away', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  t.equal((await admin.get('/')).location, '/desk', 'one in use has no need of it')
  await changeSettings(db, { isSetupDue: true })
  t.equal((await admin.get('/')).location, '/setup')
  t.equal((await (await as('李雷')).get('/')).location, '/desk')
  t.equal((await (await as('李雷')).get('/setup')).status, 403)
  t.equal((await (await as('李雷')).post('/setup/people', {})).status, 403)
  t.equal((await (await as('李雷')).post('/setup/company', {})).status, 403)
  t.equal((await admin.get('/customers')).status, 200, 'it stands in nobody’s way')
  t.equal((await admin.post('/setup/closing')).status, 303)
  t.equal((await admin.get('/')).location, '/desk')
  t.match((await admin.get('/setup')).text, '导入客户', 'and can be opened again')
})

t.test('each step can be skipped, left and come back to; what is done is seen by the data', async (t) => {
  const { db, as, app } = await buildTestApp(t)
  await changeSettings(db, { isSetupDue: true })
  const admin = await as('韩梅梅')
  const undone = async () => (await admin.get('/setup')).page.querySelectorAll('.details .tone-gray').length
  t.equal(await undone(), 4, 'there are people already, and they have roles')
  await db('user_roles')
    .whereIn('role_id', db('roles').where({ code: 'user' }).select('id'))
    .delete()
  t.equal(await undone(), 5, 'without, the roles are still to be looked at')
  const roles = await admin.get('/setup/roles')
  t.match(roles.text, '销售员')
  t.equal(roles.page.querySelector('.actions a[href="/setup/people"]')?.text, '跳过这一步')
  await db('roles').where({ code: 'sales' }).update({ version: 2 })
  t.match((await admin.get('/setup/company')).page.querySelector('.actions a[href="/setup/departments"]')?.text, '跳过')

  const company = await admin.get('/setup/company')
  const version = company.page.querySelector('[name=version]')?.getAttribute('value') as string
  const wrong = await admin.post('/setup/company', { name: '明日科技', areaCode: '43', bank: '工行', version })
  t.equal(wrong.status, 422)
  t.match(wrong.body, '工行')
  t.match(wrong.body, '明日科技')
  const numbered = await admin.post('/setup/company', {
    name: '明日',
    areaCode: '0432',
    credit_code: '91220101MA0000000X',
    version,
  })
  t.match(
    numbered.page.querySelector('#company-credit_code-error')?.text,
    /^校验位不符.*证照。$/,
    'with no box to keep it',
  )
  const ours = { name: '明日科技', areaCode: '0432', phone: '0431-84978981', version }
  const saved = await admin.post('/setup/company', ours)
  t.equal(saved.location, '/setup/departments')
  t.match((await admin.get('/customers')).text, '明日科技')
  t.match((await admin.get('/company')).text, '0431-84978981', 'nothing is asked for twice')
  t.match((await admin.get('/settings')).body, 'value="0432"')
  t.equal((await admin.post('/setup/company', { name: '旧表单', areaCode: '0431', version })).status, 409)
  const form = await admin.get('/setup/company')
  const opened = { ...ours, version: form.page.querySelector('[name=version]')?.getAttribute('value') as string }
  t.equal((await admin.post('/setup/company', { ...opened, areaCode: '0433' })).status, 303)
  t.equal((await admin.post('/setup/company', opened)).status, 409, 'and nothing of another one is taken back')

  const names = '销售部\r\n客服部\r\n销售部'
  t.match((await admin.post('/setup/departments', { names })).text, '「销售部」写了两次')
  t.equal((await admin.post('/setup/departments', { names: '' })).status, 422)
  const many = (count: number) => Array.from({ length: count }, (_, line) => `${line}部`).join('\n')
  t.match((await admin.post('/setup/departments', { names: many(31) })).page.querySelector('.error')?.text, '30')
  t.match((await admin.post('/setup/departments', { names: '长'.repeat(51) })).page.querySelector('.error')?.text, '50')
  t.equal((await admin.post('/setup/departments', { names: `${many(29)}\n${'长'.repeat(50)}` })).status, 303)
  const shown = await admin.get('/setup/departments')
  t.match(shown.text, /已添加 30 个部门|30/)
  t.match(shown.text, /28部/, 'what there is already')
  for (const table of ['department_paths', 'departments']) await db(table).delete()
  await bumpRevision(db)
  t.equal((await admin.post('/setup/departments', { names: '销售部\r\n\r\n客服部' })).location, '/setup/departments')
  const again = await admin.post('/setup/departments', { names: '财务部\r\n销售部' })
  t.equal(again.status, 422)
  t.match(again.text, /「销售部」：/)
  t.match(again.body, '财务部')
  t.equal((await db('departments')).length, 2, 'all or none')
  const { id: parent_id } = await db('departments').where({ name: '客服部' }).first('id')
  const below = { names: '财务部\r\n销售部', parent_id: String(parent_id) }
  const asked = await admin.post('/setup/departments', below)
  t.equal(asked.status, 422)
  t.match(asked.text, /可能已有相同的部门.*部门名称相同.*销售部/)
  t.match(asked.body, '财务部', 'what was typed stays')
  t.equal((await db('departments')).length, 2, 'none is added unasked')
  t.equal((await admin.post('/setup/departments', { ...below, is_duplicate_accepted: 'true' })).status, 303)
  t.equal((await db('departments').where({ parent_id })).length, 2)

  const mailbox = await admin.post('/setup/mailbox', accountForm({ port: 25 }))
  t.equal(mailbox.location, '/setup/mailbox')
  t.match((await admin.get('/setup/mailbox')).text, '测试连接')
  t.equal(await undone(), 1)
  await makeCustomer(db)
  t.match((await admin.get('/setup')).text, '各步都已完成')
  const last = await admin.get('/setup/import')
  t.equal(last.page.querySelector('.actions a[href="/setup"]')?.getAttribute('href'), '/setup', 'behind the last one')
  t.equal((await admin.get('/')).location, '/desk', 'done, so it waits no more')
  t.ok(app)
})

t.test('several people at once, with role, department and a password to begin with; all or none', async (t) => {
  const { db, as, app } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await admin.post('/setup/departments', { names: '销售部' })
  const { id: department } = await db('departments').first('id')
  const { id: sales } = await db('roles').where({ code: 'sales' }).first('id')
  const one = (row: number, name: string, username: string, more: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries({
        name,
        username,
        department_id: String(department),
        role_id: String(sales),
        password,
        ...more,
      }).map(([field, value]) => [`${field}_${row}`, value]),
    )
  t.match((await admin.post('/setup/people', {})).text, '请至少填写一行')
  const weak = await admin.post('/setup/people', {
    ...one(1, '赵一', 'zhao'),
    ...one(3, '钱二', 'qian', { password: 'x' }),
  })
  t.equal(weak.status, 422)
  t.match(weak.text, '第 3 行 初始密码')
  t.match(weak.body, 'value="zhao"', 'what was typed stays')
  const passwordOf = (answer: typeof weak, row: number) => answer.page.querySelector(`[name=password_${row}]`)
  t.equal(passwordOf(weak, 1)?.getAttribute('value'), password, 'with the password that is right')
  t.equal(passwordOf(weak, 1)?.getAttribute('type'), 'password')
  t.equal(passwordOf(weak, 3)?.getAttribute('value'), '', 'without the one that is not')
  const taken = await admin.post('/setup/people', { ...one(1, '赵一', 'zhao'), ...one(2, '李雷二', '李雷') })
  t.equal(taken.status, 422)
  t.match(taken.text, '第 2 行')
  t.equal(passwordOf(taken, 1)?.getAttribute('value'), password)
  t.notOk(await db('users').where({ username: 'zhao' }).first('id'), 'nobody was added')
  const typed = { ...one(1, '赵一', 'zhao'), ...one(2, '孙三', 'sun', { password: 'x' }), make: '1' }
  const made = await admin.post('/setup/people', typed)
  t.equal(made.status, 200)
  t.match(made.text, '请先抄下来交给本人')
  t.equal(passwordOf(made, 1)?.getAttribute('value'), password, 'one that is right is not made anew')
  t.equal(passwordOf(made, 2)?.getAttribute('type'), 'text', 'made ones are seen')
  t.match(passwordOf(made, 2)?.getAttribute('value'), /^\w{4}-\w{4}-\w{4}$/)
  t.equal(passwordOf(made, 3)?.getAttribute('value'), '', 'and none for nobody')
  t.equal((await db('users').where({ username: 'sun' })).length, 0, 'nobody is added by that')
  const suns = String(passwordOf(made, 2)?.getAttribute('value'))
  t.equal((await admin.post('/setup/people', one(2, '孙三', 'sun', { password: suns }))).location, '/setup/people')
  const added = await admin.post('/setup/people', { ...one(1, '赵一', 'zhao'), ...one(4, '钱二', 'qian') })
  t.equal(added.location, '/setup/people')
  t.match((await admin.get('/setup/people')).text, '已添加 赵一、钱二')
  const zhao = await db('users').where({ username: 'zhao' }).first()
  t.match(zhao, { department_id: department, is_password_due: true })
  t.strictSame(await db('user_roles').where({ user_id: zhao.id }).pluck('role_id'), [sales])
  const his = browser(app, {})
  await his.post('/login', { username: 'zhao', password })
  t.equal((await his.get('/customers')).location, '/profile/password')
})
