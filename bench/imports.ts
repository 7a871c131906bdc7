import { openAsBlob } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parse } from 'node-html-parser'
import { openDatabase } from '../src/kernel/db/open.ts'
import { connect, type Send, sessionOf } from './client.ts'
import { account } from './database.ts'
import { meanwhile } from './meanwhile.ts'
import { readForm } from './records.ts'
import type { Figure } from './report.ts'
import { scratchDatabase } from './scratch.ts'
import { startServer } from './server.ts'
import { customerSheet } from './sheet.ts'
import { expect } from './timing.ts'

/** How many rows of which file go into a database of how many customers, and how long that may take. */
type Import = { rows: number; ending: 'xlsx' | 'csv'; into: number; most: number }

/** A file from its upload to the last row, while another user works. */
export async function importFigures({ rows, ending, into, most }: Import): Promise<Figure[]> {
  const database = await scratchDatabase(into)
  const db = openDatabase({ client: 'better-sqlite3', file: database })
  const file = await customerSheet(dirname(database), db, rows, ending).finally(() => db.destroy())
  const server = await startServer('src/start.js', database, '/login')
  const name = `import of ${rows.toLocaleString('en')} rows ${ending} into ${into.toLocaleString('en')}`
  try {
    const cookie = await sessionOf(server.origin, account)
    const send = connect(server.origin, { cookie })
    let [checkSeconds, outcome] = [0, '']
    const { seconds, note, figures } = await meanwhile(server, into, name, async () => {
      const start = performance.now()
      const location = await checked(send, await upload(server.origin, cookie, file))
      checkSeconds = (performance.now() - start) / 1000
      outcome = await taken(send, location)
    })
    const made = Number(/新增 ([\d,]+) 条/.exec(outcome)?.[1]?.replaceAll(',', ''))
    if (!(made > 0.999 * rows)) throw new Error(`not all rows were taken in: ${outcome}`)
    const parts = `upload and check ${checkSeconds.toFixed(1)} s, ${note}`
    return [{ name, value: seconds, unit: 's', most, note: parts }, ...figures]
  } finally {
    await server.stop()
  }
}

async function upload(origin: string, cookie: string, file: string): Promise<string> {
  const body = new FormData()
  body.append('form_id', crypto.randomUUID())
  body.append('kind', 'customers')
  body.append('file', await openAsBlob(file), basename(file))
  const answer = await fetch(`${origin}/imports`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { cookie, origin },
  })
  const location = answer.headers.get('location')
  if (answer.status !== 303 || !location) throw new Error(`upload answered ${answer.status}`)
  return location
}

async function checked(send: Send, mapping: string): Promise<string> {
  const { fields } = readForm(expect(await send(mapping), 200, mapping).body.toString(), '#mapping')
  const { headers } = expect(await send(mapping, { form: fields }), 303, mapping)
  await finished(send, String(headers.location))
  return String(headers.location)
}

async function taken(send: Send, location: string): Promise<string> {
  const { action, fields } = readForm((await send(location)).body.toString(), 'form[action$=execution]')
  expect(await send(action, { form: fields }), 303, action)
  return parse(await finished(send, location)).text.replace(/\s+/g, ' ')
}

/** The page when nobody works on it any more; looked at as a browser does, every two seconds, but more often. */
export async function finished(send: Send, location: string): Promise<string> {
  for (;;) {
    const page = expect(await send(location), 200, location).body.toString()
    if (!page.includes('every 2s')) return page
    await pause(250)
  }
}
