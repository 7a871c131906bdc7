import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Send, signIn } from './client.ts'
import { account, benchDatabase } from './database.ts'
import { finished } from './imports.ts'
import { meanwhile } from './meanwhile.ts'
import type { Figure } from './report.ts'
import { scratchDatabase } from './scratch.ts'
import { startServer } from './server.ts'
import { expect } from './timing.ts'

const backups = '/maintenance/backups'

/** A backup while another user works, and its restoration: what is prepared beside the work, and how long the door is closed. */
export async function backupFigures(count: number): Promise<Figure[]> {
  const database = await scratchDatabase(count)
  const folder = join(dirname(database), 'backups')
  rmSync(folder, { recursive: true, force: true })
  const server = await startServer('src/start.js', database, '/login')
  const name = `backup of ${count.toLocaleString('en')}`
  try {
    const send = await signIn(server.origin, account)
    const made = await meanwhile(server, count, name, () => done(send, backups))
    const [file] = readdirSync(folder).filter((one) => one.endsWith('.zip'))
    const start = performance.now()
    const page = await doneAt(send, `${backups}/${file}/restoration`)
    const [look] = /\/maintenance\/restorations\/\d+/.exec(page) ?? []
    const prepared = seconds(start)
    const order = performance.now()
    expect(await send(look as string, { form: sent() }), 303, 'restoration')
    do await pause(50)
    while ((await send('/login')).status === 503)
    const closed = seconds(order)
    const note = `prepared in ${prepared.toFixed(1)} s beside the work, then closed for ${closed.toFixed(1)} s, with a backup of the present data`
    return [
      { name, value: made.seconds, unit: 's', most: 30, note: made.note },
      ...made.figures,
      { name: `restoration of ${count.toLocaleString('en')}`, value: prepared + closed, unit: 's', most: 60, note },
    ]
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A form with nothing in it would be sent as none. */
const sent = () => ({ form_id: crypto.randomUUID() })

const seconds = (since: number) => (performance.now() - since) / 1000

async function doneAt(send: Send, path: string): Promise<string> {
  const { headers } = expect(await send(path, { form: sent() }), 303, path)
  const page = await finished(send, String(headers.location))
  if (!page.includes('tone-green')) throw new Error(`${path} failed: ${page}`)
  return page
}

const done = async (send: Send, path: string) => void (await doneAt(send, path))

/** Everything out of one database and into a new one, at the machine. */
export async function archiveFigures(count: number): Promise<Figure[]> {
  const database = await benchDatabase(count)
  const folder = mkdtempSync(join(tmpdir(), 'kehu-archive-'))
  const file = join(folder, 'all.zip')
  const run = (way: string, dataDir: string, url: string) => {
    const start = performance.now()
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: url, INITIAL_PASSWORD: account.password }
    const words = ['src/program/archive-command.ts', way, file, '--without-key']
    const { status, stderr, stdout } = spawnSync(process.execPath, words, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`archive ${way}: ${stdout}${stderr}`)
    return seconds(start)
  }
  try {
    const out = run('out', dirname(database), `sqlite:${database}`)
    const back = run('in', folder, `sqlite:${join(folder, 'kehu.db')}`)
    const note = `out ${out.toFixed(1)} s, in and compared ${back.toFixed(1)} s`
    return [
      { name: `archive of ${count.toLocaleString('en')} out and in`, value: out + back, unit: 's', most: 120, note },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
