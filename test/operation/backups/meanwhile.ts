import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openBackup } from '../../../src/operation/backups/unpack.ts'
import type { Browser } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { until } from '../../fixtures/patience.ts'
import { remoteBrowser, startServer } from '../../fixtures/server.ts'

const writers = 16
const password = '足够长的密码 2026'

async function office(t: Test) {
  const dataDir = newFolder(t)
  const settings = { DATA_DIR: dataDir, INITIAL_PASSWORD: password }
  const server = await startServer(t, settings)
  t.teardown(() => t.comment(server.output.errors))
  return { dataDir, settings, server, admin: await remoteBrowser(server.address, 'mr', password) }
}

/** Sixteen people who save one numbered customer after the other until they are told to stop. */
function writing(admin: Browser) {
  const saved: number[] = Array(writers).fill(0)
  const refused: number[] = []
  let isOver = false
  const write = async (_: unknown, writer: number) => {
    for (let number = 1; !isOver; number++) {
      const name = `写${writer}号${number}`
      const form = { name, kind: 'company', registered_on: '2026-05-04', owner_id: '1' }
      const { status } = await admin.post('/customers', form).catch(() => ({ status: 0 }))
      if (status !== 303) return void refused.push(status)
      saved[writer] = number
    }
  }
  const all = Promise.all(Array.from({ length: writers }, write))
  const end = async () => {
    isOver = true
    await all
  }
  return { saved, refused, end, all }
}

/** The folder is made with the first backup. */
function backupsIn(dataDir: string): string[] {
  const folder = join(dataDir, 'backups')
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.zip')) : []
}

const isMade = (dataDir: string, way: string) => () => backupsIn(dataDir).some((name) => name.includes(way))

/** The numbers of each writer in a database, in order. */
function numbersIn(file: string): number[][] {
  const sqlite = new Sqlite(file)
  const names = sqlite.prepare("select name from customers where name like '写%' order by id").pluck().all() as string[]
  const texts = sqlite.prepare('select count(*) from customer_search_texts').pluck().get()
  const customers = sqlite.prepare('select count(*) from customers').pluck().get()
  t.equal(texts, customers, 'the search knows all of them')
  const [{ quick_check }] = sqlite.pragma('quick_check') as [{ quick_check: string }]
  t.equal(quick_check, 'ok')
  sqlite.close()
  const found: number[][] = Array.from({ length: writers }, () => [])
  for (const name of names) {
    const [, writer, number] = /^写(\d+)号(\d+)$/.exec(name) ?? []
    found[Number(writer)]?.push(Number(number))
  }
  return found
}

async function unpackedFrom(dataDir: string, name: string): Promise<string> {
  const backup = await openBackup(join(dataDir, 'backups', name), { secretKeyFile: join(dataDir, 'secret.key') })
  const target = join(dataDir, `unpacked-${name}.db`)
  const file = backup.manifest.files.find(({ path }) => path === 'kehu.db')
  if (file) await backup.read(file, target)
  backup.close()
  return target
}

t.test('a backup made while sixteen people write holds all that was saved before it, without a gap', async (t) => {
  const { dataDir, server, admin } = await office(t)
  const { saved, refused, end } = writing(admin)
  await until(() => saved.every((number) => number >= 2))
  const before = [...saved]
  const { status } = await admin.post('/maintenance/backups')
  t.equal(status, 303)
  await until(() => {
    try {
      return isMade(dataDir, 'manual')()
    } catch {
      return false
    }
  })
  await end()
  t.strictSame(refused, [], 'nobody was refused meanwhile')
  t.ok(
    saved.some((number, writer) => number > (before[writer] ?? 0)),
    'and they went on',
  )
  const inBackup = numbersIn(await unpackedFrom(dataDir, backupsIn(dataDir)[0] as string))
  for (const [writer, numbers] of inBackup.entries()) {
    t.strictSame(
      numbers,
      Array.from(numbers, (_, index) => index + 1),
      `writer ${writer} without a gap`,
    )
    t.ok(numbers.length >= (before[writer] ?? 0), `writer ${writer}: ${numbers.length} of at least ${before[writer]}`)
  }
  await server.end('SIGTERM')
  const kept = numbersIn(join(dataDir, 'kehu.db'))
  for (const [writer, numbers] of kept.entries())
    t.ok(numbers.length >= (saved[writer] ?? 0), `all of writer ${writer} are there`)
})

t.test('a restoration while people write: they are told, their saves fail cleanly, nothing is mixed', async (t) => {
  const { dataDir, settings, server, admin } = await office(t)
  await admin.post('/customers', { name: '备份里的公司', kind: 'company', registered_on: '2026-05-04', owner_id: '1' })
  await admin.post('/maintenance/backups')
  await until(() => isMade(dataDir, 'manual')())
  const [name] = backupsIn(dataDir)
  const { location = '' } = await admin.post(`/maintenance/backups/${name}/restoration`)
  let look: string | undefined
  await until(async () => {
    const { page } = await admin.get(location)
    look = page.querySelector('a[href^="/maintenance/restorations/"]')?.getAttribute('href')
    return look !== undefined
  })
  const { saved, refused, all } = writing(admin)
  await until(() => saved.every((number) => number >= 2))
  const asked: { status: number; text: string }[] = []
  let isOpen = false
  const visitor = (async () => {
    while (!isOpen) asked.push(await admin.get('/customers').catch(() => ({ status: 0, text: '' })))
  })()
  t.equal((await admin.post(look as string)).status, 303)
  await until(isMade(dataDir, 'safety'))
  await all
  await until(async () => (await fetch(`${server.address}/login`)).status === 200)
  isOpen = true
  await visitor
  const told = asked.filter(({ status }) => status === 503)
  t.ok(told.length > 0, `${told.length} pages said so`)
  t.ok(told.every(({ text }) => /正在还原备份/.test(text)))
  t.ok(
    refused.every((status) => status === 503 || status === 401),
    `saves ended with ${[...new Set(refused)]}`,
  )
  const again = await remoteBrowser(server.address, 'mr', password)
  t.match((await again.get('/customers')).text, '备份里的公司')
  t.equal(
    (
      await again.post('/customers', {
        name: '之后的公司',
        kind: 'company',
        registered_on: '2026-05-04',
        owner_id: '1',
      })
    ).status,
    303,
  )
  await until(async () => /完成|备份/.test((await again.get('/maintenance/backups')).text))
  const safety = backupsIn(dataDir).find((one) => one.includes('safety')) as string
  await server.end('SIGTERM')
  t.equal(server.output.errors, '')
  t.strictSame(numbersIn(join(dataDir, 'kehu.db')).flat(), [], 'no save of before went into the restored data')
  const inSafety = numbersIn(await unpackedFrom(dataDir, safety))
  for (const [writer, numbers] of inSafety.entries())
    t.equal(numbers.length, saved[writer], `the safety backup has all of writer ${writer}`)
  const second = await startServer(t, settings)
  const third = await remoteBrowser(second.address, 'mr', password)
  t.match((await third.get('/customers')).text, '之后的公司')
  await second.end('SIGTERM')
})
