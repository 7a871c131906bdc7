import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import t from 'tap'
import { browser, buildTestApp, type Person, people } from '../fixtures/app.ts'
import { collectRoutes, type Route } from '../fixtures/routes.ts'
import { addressOf, fillWorld } from '../fixtures/world.ts'

const routes = collectRoutes()
const { app, db, as } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const isOpen = ({ permission }: Route) => permission === 'public' || permission === 'signed-in'

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
  for (const route of routes) {
    const url = route.url.replace(/:\w+/g, '1').replace('/public/1', app.asset('app.js'))
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
    for (const route of routes) {
      const mayUse = isOpen(route) || held.has(route.permission)
      const url =
        route.url === '/public/:file'
          ? app.asset('app.js')
          : await addressOf(db, route.url, session.user_id, app.config.dataDir)
      const { status } = await ask(route, browser(app, { ...one.cookies }), url)
      const said = `${route.method} ${url} answers ${status}`
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
