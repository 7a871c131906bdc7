import t from 'tap'
import { moveRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import { presetInstallation } from '../../../src/program/first-start.ts'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { signedIn } from '../../people/roles/fixtures/people.ts'

declareModules([equipment, repairs])

let forms = 0
const add = async (one: Browser, path: string, values: Record<string, string>) => {
  const { location = '', status, text } = await one.post(path, { ...values, form_id: `search-form-${++forms}` })
  if (status !== 303) throw new Error(`${path}: ${status} ${text}`)
  return location
}

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  await moveRevision(db)
  return { ...built, admin: await built.as('韩梅梅'), signedIn: (name: string) => signedIn(app, name) }
}

const searched = (one: Browser, q: string) => one.get(`/search?q=${encodeURIComponent(q)}`)

/** What stands in the groups of the page: of each its title, and of each hit its name, and why. */
const groupsIn = ({ page }: Answer) =>
  Object.fromEntries(
    page.querySelectorAll('main section.group').map((section) => [
      section.querySelector('h2')?.text.trim(),
      section.querySelectorAll('tbody tr').map((row) => {
        const cells = row.querySelectorAll('td').map((cell) => cell.text.trim())
        return [cells[0], cells.at(-1)].filter(Boolean).join(' · ')
      }),
    ]),
  )

t.test('one search finds in every module, says why, and leads to all of each', async (t) => {
  const { admin } = await world(t)
  const customer = await create(admin, { name: '长春车床厂', code: 'KH-7001', phone: '0431-88001234转801' })
  await admin.post(`/customers/${customer}/contacts`, { name: '王芳', mobile: '13944012345', code: 'LX-1' })
  const machine = await add(admin, '/equipment', { name: '数控车床', keeper_phone: '13944012345', note: '放在二车间' })
  await add(admin, '/repairs', { subject: '车床换刀具', equipment_id: machine.split('/').at(-1) as string })
  await add(admin, '/competitors', { name: '沈阳机床', products: '车床、铣床' })
  t.same(groupsIn(await searched(admin, '车床')), {
    客户资料: ['长春车床厂'],
    联系人: ['王芳 · 所属客户 长春车床厂'],
    竞争对手: ['沈阳机床 · 产品 车床、铣床'],
    设备: ['数控车床'],
    维修记录: ['车床换刀具'],
  })
  t.same(groupsIn(await searched(admin, '13944012345')), {
    客户资料: ['长春车床厂 · 联系人 王芳 13944012345'],
    联系人: ['王芳 · 手机 13944012345'],
    设备: ['数控车床 · 保管人电话 13944012345'],
  })
  t.same(groupsIn(await searched(admin, '王芳')), { 客户资料: ['长春车床厂 · 联系人 王芳'], 联系人: ['王芳'] })
  const page = await searched(admin, '车床')
  for (const link of page.page.querySelectorAll('main section.group .head a')) {
    t.match(link.text, '全部 1 条')
    t.match((await admin.get(link.getAttribute('href') as string)).text, '车床')
  }
})
