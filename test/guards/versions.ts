import t from 'tap'
import { buildTestApp } from '../fixtures/app.ts'
import { collectRoutes } from '../fixtures/routes.ts'
import { addressOf, fillWorld } from '../fixtures/world.ts'

const routes = collectRoutes()
const { app, db, as } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const admin = await as('韩梅梅')
const me = await db('users').where({ username: '韩梅梅' }).first('id')

t.test('whatever asks for the version of a record does nothing to one that somebody saved since', async (t) => {
  let tried = 0
  for (const { method, url } of routes) {
    if (method !== 'GET' || !/\/:\w+\/(deletion|purge|restoration|transfer|closure|reopening)$/.test(url)) continue
    const address = await addressOf(db, url, me.id, app.config.dataDir)
    const page = await admin.get(address)
    const form = page.page?.querySelector(`form[action="${address}"]`)
    const version = form?.querySelector('[name=version]')?.getAttribute('value')
    if (!version) continue
    const values = Object.fromEntries(
      form?.querySelectorAll('[name]').map((field) => [
        field.getAttribute('name') as string,
        field.tagName === 'SELECT'
          ? (field
              .querySelectorAll('option')
              .map((one) => one.getAttribute('value') ?? '')
              .find(Boolean) ?? '')
          : (field.getAttribute('value') ?? ''),
      ]) ?? [],
    )
    const events = async () => (await db('events').count({ n: '*' }).first())?.n
    const before = await events()
    for (const old of [String(Number(version) + 1), '0', '']) {
      const { status } = await admin.post(address, { ...values, version: old })
      t.ok([409, 422].includes(status), `${url} answers ${status} at version ${old || 'none'} instead of ${version}`)
    }
    t.equal(await events(), before, `${url} left it as it was`)
    tried++
  }
  t.comment(`${tried} pages with a version`)
  t.ok(tried > 8)
})
