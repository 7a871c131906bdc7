import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import t from 'tap'
import { moduleAt } from '../../src/kernel/modules/catalogue.ts'
import { rightOf } from '../../src/kernel/modules/module.ts'
import { type Answer, browser, buildTestApp, type Person, people } from '../fixtures/app.ts'
import { collectRoutes, type Route } from '../fixtures/routes.ts'
import { addressOf, fillWorld } from '../fixtures/world.ts'

const routes = collectRoutes()
const { app, db, as } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const isOpen = ({ permission }: Route) => permission === 'public' || permission === 'signed-in'

/** Whoever may not look at the records of a module has nothing of their files either, and writes to none. */
const lookedAt = ({ url }: Route) => {
  const module = /\/:recordId\/|\/selections\/:id\/mail$/.test(url) ? moduleAt(url) : undefined
  return module ? [rightOf(module, 'view')] : []
}

const ask = ({ method }: Route, who: ReturnType<typeof browser>, url: string) =>
  method === 'GET' ? who.get(url) : who.post(url, { version: '1' })

t.test('every route is a GET or a POST that names its right', async (t) => {
  t.ok(routes.length > 60, `${routes.length} routes`)
  t.strictSame(
    routes.filter(({ method }) => method !== 'GET' && method !== 'POST'),
    [],
  )
  t.strictSame(
    routes.filter(({ permission }) => permission === ''),
    [],
  )
})

t.test('signed out, only the public routes answer; pages lead to the sign-in, forms are kept there', async (t) => {
  const { id } = await db('users').first('id')
  for (const route of routes) {
    const isLogo = route.url === '/company/logo/:id'
    const url = isLogo
      ? await addressOf(db, route.url, id, app.config.dataDir)
      : route.url.replace(/:\w+/g, '1').replace('/public/1', app.asset('app.js'))
    const { status, location = '', page } = await ask(route, browser(app, {}), url)
    const said = `${route.method} ${url} answers ${status}`
    if (route.permission === 'public') t.ok([200, 303, 422].includes(status), said)
    else if (route.method === 'GET') t.ok(status === 303 && location.startsWith('/login?to='), said)
    else t.ok(status === 401 && page.querySelector('input[type=password]'), said)
  }
  t.comment(`${routes.length} routes signed out`)
})

for (const [name, role] of Object.entries(people)) {
  t.test(`${name} (${role ?? 'no role'}) gets exactly what the rights say`, async (t) => {
    const held = await rightsOf(db, name)
    const one = await as(name as Person)
    const session = await sessionOf(db, one.cookies.kehu_session as string)
    const counts = { allowed: 0, refused: 0 }
    const isAllowed = (route: Route) =>
      isOpen(route) ||
      ([route.permission, ...route.others].some((one) => held.has(one)) &&
        lookedAt(route).every((one) => held.has(one)))
    for (const route of routes) {
      const mayUse = isAllowed(route)
      const url =
        route.url === '/public/:file'
          ? app.asset('app.js')
          : await addressOf(db, route.url, session.user_id, app.config.dataDir)
      const answer = await ask(route, browser(app, { ...one.cookies }), url)
      const { status } = answer
      const said = `${route.method} ${url} answers ${status}`
      const offers = offersOf(answer)
      t.strictSame(
        [...offers].filter((other) => !isAllowed(other)),
        [],
        `${said} and offers what one may not do`,
      )
      if (status === 200 && route.method === 'GET' && isPage(answer)) {
        const missing = actsOn(route).filter((other) => isAllowed(other) && !offers.has(other))
        t.strictSame(missing, [], `${said} and does not offer what one may do`)
      }
      if (!mayUse) t.equal(status, 403, said)
      else if (route.method === 'GET') t.ok([200, 303, 409].includes(status), said)
      else t.ok([200, 303, 409, 422].includes(status), said)
      counts[mayUse ? 'allowed' : 'refused']++
      await keepSession(db, session)
    }
    t.comment(`${name}: ${counts.allowed} allowed, ${counts.refused} refused`)
    t.equal(counts.refused === 0, role === 'administrator')
  })
}

const patterns = routes.map((route) => ({
  route,
  matches: new RegExp(`^${route.url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
  parameters: route.url.split(':').length,
}))

/** The route that an address leads to: of several the one that says most of it. */
const routeTo = (method: string, address = ''): Route | undefined =>
  patterns
    .filter(({ route, matches }) => route.method === method && matches.test(address.split(/[?#]/)[0] as string))
    .toSorted((one, other) => one.parameters - other.parameters)[0]?.route

const isPage = ({ headers }: Answer) => String(headers['content-type']).startsWith('text/html')

/** The routes that the links and forms of a page lead to. */
function offersOf(answer: Answer): Set<Route> {
  if (!isPage(answer)) return new Set()
  const links = answer.page.querySelectorAll('a[href^="/"]').map((link) => routeTo('GET', link.getAttribute('href')))
  const forms = answer.page
    .querySelectorAll('form')
    .map((form) => routeTo(form.getAttribute('method')?.toUpperCase() ?? 'GET', form.getAttribute('action')))
  return new Set([...links, ...forms].filter((route) => route !== undefined))
}

/** Offered where the state of a record asks for it; the first is asked for by a form while one types. */
const byState = new Set([
  '/customers/duplicates',
  '/profile/second-factor/removal',
  '/profile/second-factor/recovery-codes',
  '/users/:id/second-factor-reset',
  '/users/:id/closure',
  '/users/:id/reopening',
  '/users/:id/unlocking',
  '/audit-log/verification/print',
  '/audit-log/verification/comparison',
  '/imports/:id/undo',
  '/imports/:id/records',
  '/batch-acts/:id/undo',
  '/follow-ups/new',
  '/follow-ups/:id/edit',
])

/** What is done with the record or the list of a page, on a page of its own right below it. */
const actsOn = ({ url }: Route) =>
  routes.filter((other) => {
    const isBelow = other.url.startsWith(`${url}/`) && /^\/[a-z-]+$/.test(other.url.slice(url.length))
    return other.method === 'GET' && isBelow && !byState.has(other.url)
  })

async function rightsOf(db: Knex, username: string): Promise<Set<string>> {
  const rows = await db('users')
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
    .where({ username })
    .pluck('permission')
  return new Set(rows)
}

type Session = { token_hash: string; user_id: number } & Record<string, unknown>

const sessionOf = (db: Knex, token: string): Promise<Session> =>
  db('sessions')
    .where({ token_hash: createHash('sha256').update(token).digest('hex') })
    .first()

/** Some routes end the session of the one who asks; signing in for each would be too often. */
async function keepSession(db: Knex, session: Session) {
  if (!(await db('sessions').where({ token_hash: session.token_hash }).first('user_id')))
    await db('sessions').insert(session)
}
