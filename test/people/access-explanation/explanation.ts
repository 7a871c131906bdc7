import type { Knex } from 'knex'
import t from 'tap'
import { addRecord } from '../../../src/kernel/modules/records.ts'
import { competitors } from '../../../src/office/competitors.ts'
import { explain } from '../../../src/people/access-explanation/explanation.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { presetRoles } from '../../../src/people/roles/preset-roles.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { putFile } from '../../fixtures/files.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../roles/fixtures/people.ts'

const customerOf = (db: Knex, id: number) => db('customers').where({ id }).first()

t.test('the page says for a person and a customer which rule lets and which does not', async (t) => {
  const { db, as } = await buildTestApp(t)
  const manager = await addPerson(db, '赵经理', ['sales_manager'])
  const seller = await addPerson(db, '钱销售', ['sales'], { superior_id: manager })
  const id = await makeCustomer(db, { name: '长春甲公司', owner_id: seller })
  const { code } = await customerOf(db, id)
  const admin = await as('韩梅梅')
  const card = await admin.get(`/customers/${id}`)
  t.ok(card.page.querySelector(`a[href="/access-explanation?code=${code}"]`))
  const ask = (user: number) => admin.get(`/access-explanation?user_id=${user}&code=${code}`)
  const shown = (await ask(manager)).text
  t.match(shown, /客户资料 查看 可以 ✓ 角色「销售经理」的范围是「本人及下属」：所属人员是此人的下属（钱销售 → 赵经理）/)
  t.match((await ask(seller)).text, /客户资料 导出 不可以 ✗ 角色「销售员」没有此权限/)
  t.match((await ask(seller)).text, '证件号只显示一部分')
  const stranger = await addPerson(db, '孙销售', ['sales'])
  t.match((await ask(stranger)).text, /查看 不可以 ✗ 角色「销售员」的范围是「本人」：此人不是所属人员/)
  const nobody = await db('users').where({ name: '王芳' }).first('id')
  t.match((await ask(nobody.id)).text, '此人没有任何角色')
})

t.test(
  'what it says and what the person gets are the same, for every role and way of standing to the owner',
  async (t) => {
    const { app, db } = await buildTestApp(t)
    const top = await addDepartment(db, { name: '公司' }, actor)
    const side = await addDepartment(db, { name: '分部', parent_id: top }, actor)
    const owner = await addPerson(db, '业主', ['sales'], { department_id: side })
    const id = await makeCustomer(db, { owner_id: owner })
    const roles: (string | number)[] = presetRoles().map(({ code }) => code)
    for (const view of ['own', 'team', 'department', 'branch', 'all'] as const)
      roles.push(
        await everyRightWithin(db, `一切 ${view}`, { view }),
        await everyRightWithin(db, `看 ${view}`, { view, change: 'own' }),
      )
    let asked = 0
    for (const [at, role] of roles.entries())
      for (const department_id of [top, side]) {
        const name = `某人 ${at} ${department_id}`
        const user = await addPerson(db, name, [role], { department_id })
        const one = await signedIn(app, name)
        const { lines } = await explain(db, user, await customerOf(db, id))
        const said = (label: string) => lines.find((line) => line.label === label)?.isAllowed
        t.equal((await one.get(`/customers/${id}`)).status === 200, said('客户资料 查看'), `${role} sees`)
        t.equal((await one.get(`/customers/${id}/edit`)).status === 200, said('客户资料 修改'), `${role} changes`)
        t.equal(
          (await one.get(`/customers/${id}/contacts`)).status === 200,
          said('联系人 查看'),
          `${role} sees contacts`,
        )
        for (const { label, isAllowed, rules } of lines)
          t.ok(
            rules.some(({ isAllowing }) => isAllowing) === isAllowed || rules.length > 1,
            `${role}: a reason for ${label}`,
          )
        asked++
      }
    t.comment(`${asked} people`)
  },
)

t.test('bad input is said at its field; without the right there is no page', async (t) => {
  const { app, as, db } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  for (const [query, field, sentence] of [
    ['user_id=&code=KH1', 'user_id', '请填写员工'],
    ['user_id=99999&code=KH1', 'user_id', '请从列表中选择'],
    ['user_id=1&code=%27%20or%201=1', 'code', '没有这个编码的客户或联系人'],
  ] as const) {
    const answer = await admin.get(`/access-explanation?${query}`)
    t.equal(answer.status, 422, query)
    t.match(answer.page.querySelector(`#explanation-${field}-error`)?.text, sentence)
  }
  t.equal((await (await as('李雷')).get('/access-explanation')).status, 403)
  await addPerson(db, '安全', ['security_administrator'])
  const id = await makeCustomer(db, { name: '机密公司' })
  const { code } = await customerOf(db, id)
  const shown = await (await signedIn(app, '安全')).get(`/access-explanation?user_id=1&code=${code}`)
  t.match(shown.text, '可以')
  t.notMatch(shown.text, '机密公司', 'one who may not see the customer learns no name')
})

t.test('any record is explained, by its code or address, and what is said is what the person gets', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const seller = await addPerson(db, '钱销售', ['sales'])
  const id = await makeCustomer(db, { name: '长春甲公司', owner_id: seller })
  const contact = await db('contacts').where({ customer_id: id }).first()
  const { id: competitor } = await addRecord(db, competitors, { name: '对手公司', products: null }, actor)
  const file = await putFile(db, id, 'file', { user: seller })
  const admin = await as('韩梅梅')
  const one = await signedIn(app, '钱销售')
  const ask = async (record: string, user = seller) =>
    (await admin.get(`/access-explanation?user_id=${user}&code=${encodeURIComponent(record)}`)).text
  t.match(await ask(contact.code.toLowerCase()), /联系人「.*」，所属人员：钱销售.*联系人 查看 可以 ✓/)
  for (const [address, label] of [
    [`/customers/${id}`, '客户资料 查看'],
    [`/customers/${id}/contacts/${contact.id}`, '联系人 查看'],
    [`/customers/${id}/files/${file}`, '附件和照片 查看'],
    [`/competitors/${competitor}`, '竞争对手 查看'],
    [`/users/${seller}`, '用户管理 查看'],
    ['/settings', '系统设置 查看'],
    ['/maintenance/backups', '备份和还原 查看'],
    ['/analysis/customer-levels', '统计分析 查看'],
  ] as const) {
    const said = (await ask(address)).includes(`${label} 可以`)
    t.equal(said, (await one.get(address)).status === 200, address)
    t.equal((await ask(`https://crm.example.com${address}?page=2`)).includes(`${label} 可以`), said, 'copied whole')
  }
  t.match(await ask('/tools/notes'), '每个人登录后都可以打开')
  await db('customers').where({ id }).update({ deleted_at: '2026-01-01T00:00:00.000Z' })
  t.match(await ask(`/customers/${id}`), /客户资料 查看 不可以.*回收站/)
  t.match(await ask(`/recycle-bin/customers/${id}`), /回收站 恢复 可以 ✓.*回收站 彻底删除 不可以/)
  for (const nothing of [
    'XX999',
    '/nowhere',
    '/competitors/99999',
    '/customers/99999',
    '//evil.example',
    'javascript:1',
  ])
    t.match(await ask(nothing), '也没有这个地址的资料', nothing)
})
