import t from 'tap'
import { addDepartment } from '../../src/people/departments/department.ts'
import { presetRoles } from '../../src/people/roles/preset-roles.ts'
import { browser, buildTestApp } from '../fixtures/app.ts'
import { putFile } from '../fixtures/files.ts'
import { readable } from '../fixtures/readable.ts'
import { collectRoutes, type Route } from '../fixtures/routes.ts'
import { actor, addressOf, fillWorld, makeContact, makeCustomer } from '../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../people/roles/fixtures/people.ts'

const routes = collectRoutes()
const { app, db } = await buildTestApp(t)
await app.ready()
await fillWorld(db)

/** A person of 销售一部 with a customer, and what hangs on it; all others in this test sit in 销售二部. */
const marks = ['隔壁密件', '隔壁联系人', '13912345678', '隔壁附件']
const department_id = await addDepartment(db, { name: '销售一部' }, actor)
const owner = await addPerson(db, '隔壁业主', ['sales'], { department_id })
const { dataDir } = app.config
const hidden = await makeCustomer(db, { name: '隔壁密件有限公司', owner_id: owner, phone: '13912345678' })
const contact = await makeContact(db, hidden)
await db('contacts').where({ id: contact }).update({ name: '隔壁联系人', mobile: '13912345678' })
await putFile(db, hidden, 'file', { user: owner, dataDir })
await db('files').where({ record_id: hidden }).update({ name: '隔壁附件.txt' })
const gone = await makeCustomer(db, { name: '隔壁密件二公司', owner_id: owner })
await db('customers').where({ id: gone }).update({ deleted_at: new Date().toISOString() })

/** Records that belong to somebody: everything below these addresses is out of reach for one who reaches only the own. */
const owned = [
  '/customers/:',
  '/recycle-bin/customers/:',
  '/recycle-bin/contacts/:',
  '/imports/:',
  '/customers/selections/:',
  '/contacts/selections/:',
  '/competitors/selections/:',
  '/todos/:',
  '/todos/selections/:',
  '/recycle-bin/todos/:',
  '/mail/:',
  '/mail/templates/:',
  '/mail/templates/selections/:',
  '/mailings/:',
  '/follow-ups/:',
  '/follow-ups/new',
  '/recycle-bin/follow-ups/',
]
const isOwned = ({ url }: Route) => owned.some((path) => url.startsWith(path))
const ask = ({ method }: Route, who: ReturnType<typeof browser>, url: string) =>
  method === 'GET' ? who.get(url) : who.post(url, { version: '1', form_id: '' })

const below = await addDepartment(db, { name: '销售二部' }, actor)
const narrow = { own: 'own', team: 'team', department: 'department', branch: 'branch' } as const

async function rightsOf(user: number) {
  const held: string[] = await db('user_roles')
    .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
    .where({ user_id: user })
    .pluck('permission')
  return new Set(held)
}

const leaks = (text: string) => marks.filter((mark) => text.includes(mark))
const open = new Set(['public', 'signed-in'])

for (const view of Object.values(narrow))
  t.test(`with every right but the range ${view}, no address of another department's record answers`, async (t) => {
    const role = await everyRightWithin(db, `一切 ${view}`, { view })
    const user = await addPerson(db, `二部 ${view}`, [role], { department_id: below })
    const one = await signedIn(app, `二部 ${view}`)
    let tried = 0
    for (const route of routes.filter(isOwned)) {
      const url = await addressOf(db, route.url, undefined, dataDir)
      const { status, body } = await ask(route, browser(app, { ...one.cookies }), url)
      t.equal(status, 404, `${route.method} ${url}`)
      t.strictSame(leaks(body), [])
      tried++
    }
    const questions =
      view === 'own' ? ['', '?q=隔壁', '?q=13912345678', '?sort=name', '?f=name:contains:隔壁'] : ['', '?q=隔壁']
    // A PDF shows no word in its bytes; whom it counts is read in test/analysis/analyses/bad-input.ts.
    for (const route of routes.filter(({ method, url }) => method === 'GET' && !/:|\.pdf$/.test(url))) {
      if (route.url === '/audit-log' || route.url.startsWith('/audit-log.') || route.url === '/audit-log/print')
        continue
      for (const query of questions) {
        const answer = await one.get(route.url + encodeURI(query))
        t.strictSame(
          leaks((await readable(answer, dataDir)).replaceAll(decodeURI(query.split(/[:=]/).at(-1) || '-'), '')),
          [],
          route.url + query,
        )
        tried++
      }
    }
    t.comment(`${tried} requests with ids or words out of range; ${view}, user ${user}`)
  })

t.test('forms, selections and imports cannot name what is out of range', async (t) => {
  const role = await everyRightWithin(db, '一切 表单', { view: 'own' })
  const user = await addPerson(db, '二部表单', [role], { department_id: below })
  const one = await signedIn(app, '二部表单')
  const mine = await makeCustomer(db, { name: '自己的公司', owner_id: user })
  const before = await db('customers').where({ id: hidden }).first()
  for (const list of ['/customers', '/contacts'])
    for (const ids of [[hidden], [contact], [hidden, mine]])
      for (const act of ['delete', 'print', 'export', 'level_id', 'owner_id']) {
        const form = { act, scope: 'rows', query: 'q=隔壁', ids: ids.map(String) }
        const { location = '' } = await one.post(`${list}/selections`, form)
        t.strictSame(
          leaks((await readable(await one.get(location), dataDir)).replaceAll('隔壁', '')),
          [],
          `${list} ${act} ${ids}`,
        )
      }
  t.strictSame(leaks((await one.get(`/customers/duplicates?except=${hidden}&phone=0431-1234567`)).body), [])
  const hint = await one.get(`/customers/duplicates?name=${encodeURIComponent('隔壁密件有限公司')}`)
  t.match(hint.text, '隔壁业主', 'a duplicate is told with its owner')
  t.notOk(hint.page.querySelector(`a[href="/customers/${hidden}"]`), 'but does not lead there')
  t.notMatch(hint.text, '13912345678')
  t.strictSame(await db('customers').where({ id: hidden }).first(), before, 'it stands as it was')
})

/**
 * Looking changes nothing, so that all who look may look at the same records; what belongs to one person, and our logo, of
 * which there is only the last, is made for each.
 */
const addresses = new Map<string, string>()
const personal =
  /^\/([\w-]+\/selections|batch-acts|list-views|jobs|imports|saved-reports|mailings|workdays\/selections|memos|recycle-bin\/memos|mail\/templates|tools\/notes|tools\/files|company\/pictures|company\/logo)\//
const isPersonal = ({ url }: Route) => personal.test(url)

async function shownAt(route: Route, user?: number): Promise<string> {
  const known = addresses.get(route.url)
  if (known && !isPersonal(route)) return known
  const address = await addressOf(db, route.url, user, dataDir)
  addresses.set(route.url, address)
  return address
}

t.test('every built-in role gets of every route what its rights say, and nothing of another department', async (t) => {
  let tried = 0
  for (const { code, ranges } of presetRoles()) {
    const user = await addPerson(db, `内置 ${code}`, [code], { department_id: below })
    const one = await signedIn(app, `内置 ${code}`)
    const held = await rightsOf(user)
    const isNarrow = ranges.view !== 'all'
    // An import is reached by the right to import, which changes.
    const isBeyond = (route: Route) =>
      isOwned(route) && (isNarrow || (route.url.startsWith('/imports/') && ranges.change !== 'all'))
    for (const route of routes.filter(({ method, url }) => method === 'GET' && url !== '/public/:file')) {
      const url = await shownAt(route, isBeyond(route) ? undefined : user)
      const { status, body } = await browser(app, { ...one.cookies }).get(url)
      const mayUse = [route.permission, ...route.others].some((right) => open.has(right) || held.has(right))
      const said = `${code} ${url} answers ${status}`
      if (!mayUse) t.equal(status, 403, said)
      else if (isBeyond(route)) t.equal(status, 404, said)
      else t.ok([200, 303, 403, 409].includes(status), said)
      if (isNarrow && !url.startsWith('/audit-log')) t.strictSame(leaks(body), [], said)
      tried++
    }
  }
  t.comment(`${tried} pages asked for by ${presetRoles().length} roles`)
})
