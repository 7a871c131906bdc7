import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import type { Browser } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { remoteBrowser, startServer } from '../../fixtures/server.ts'

const password = '足够长的密码 2026'

const add = (admin: Browser, name: string) =>
  admin.post('/customers', { name, kind: 'company', registered_on: '2026-05-04', owner_id: '1' })

/** When to kill: so long after the order, or after the backup of the present data is there. */
const moments: [after: 'order' | 'safety', ms: number][] = [
  ['order', 0],
  ['order', 60],
  ['safety', 0],
  ['safety', 4],
  ['safety', 12],
  ['safety', 40],
  ['safety', 400],
]

const safeties = (dataDir: string) => readdirSync(join(dataDir, 'backups')).filter((one) => one.includes('safety'))

/** Follows a job until a link of its page leads on, or it has ended without one. */
async function linkOf(admin: Browser, location: string, wanted: string): Promise<string | undefined> {
  for (;;) {
    const { page, text } = await admin.get(location)
    const link = page.querySelector(`a[href^="${wanted}"].primary`)?.getAttribute('href')
    if (link && /已完成/.test(text)) return link
    await pause(30)
  }
}

const namesIn = (file: string) => {
  const sqlite = new Sqlite(file)
  const names = sqlite.prepare('select name from customers order by id').pluck().all()
  sqlite.close()
  return names
}

t.test('killed at any moment of a restoration, it stands afterwards as before or as restored', async (t) => {
  const dataDir = newFolder(t)
  const settings = { DATA_DIR: dataDir, INITIAL_PASSWORD: password }
  const outcomes = new Set<string>()
  let server = await startServer(t, settings)
  let admin = await remoteBrowser(server.address, 'mr', password)
  await add(admin, '甲')
  await linkOf(admin, (await admin.post('/maintenance/backups')).location ?? '', '/maintenance/backups')
  const [name] = readdirSync(join(dataDir, 'backups')).filter((one) => one.endsWith('.zip'))
  for (const [after, ms] of moments) {
    const mark = `乙${after}${ms}`
    await add(admin, mark)
    const { location = '' } = await admin.post(`/maintenance/backups/${name}/restoration`)
    const look = await linkOf(admin, location, '/maintenance/restorations/')
    const before = namesIn(join(dataDir, 'kehu.db'))
    await admin.post(look as string)
    const kept = safeties(dataDir).length
    while (after === 'safety' && safeties(dataDir).length === kept) await pause(1)
    await pause(ms)
    await server.end('SIGKILL')
    server = await startServer(t, settings)
    const stands = namesIn(join(dataDir, 'kehu.db'))
    const isOld = JSON.stringify(stands) === JSON.stringify(before)
    t.ok(isOld || JSON.stringify(stands) === '["甲"]', `${ms} ms after ${after}: ${stands}`)
    t.ok(after === 'order' || safeties(dataDir).length > kept, 'the present data were backed up first')
    outcomes.add(isOld ? 'as before' : 'restored')
    admin = await remoteBrowser(server.address, 'mr', password)
    t.match((await admin.get('/customers?q=甲')).text, '甲')
  }
  t.ok(outcomes.has('restored'), [...outcomes].join(', '))
  await server.end('SIGTERM')
})
