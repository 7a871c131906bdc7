import { setTimeout as wait } from 'node:timers/promises'
import { sessionOf } from './client.ts'
import { account } from './database.ts'
import { meanwhile } from './meanwhile.ts'
import type { Figure } from './report.ts'
import { startServer } from './server.ts'

/** Every customer of a database as an xlsx, while another user works. */
export async function exportFigures(database: string, count: number): Promise<Figure[]> {
  const server = await startServer('src/start.js', database, '/login')
  const name = `export of ${count.toLocaleString('en')} rows xlsx`
  try {
    const cookie = await sessionOf(server.origin, account)
    let first = 0
    let bytes = 0
    const { seconds, note, figures } = await meanwhile(server, count, name, async () => {
      const job = await asked(`${server.origin}/customers.xlsx`, cookie)
      first = job.first
      bytes = await fetched(server.origin, await fileOf(server.origin + job.location, cookie), cookie)
    })
    return [
      { name, value: seconds, unit: 's', most: 20, note: `${(bytes / 1e6).toFixed(1)} MB, ${note}` },
      { name: `first sign, ${name}`, value: first, unit: 'ms', most: 1000 },
      ...figures,
    ]
  } finally {
    await server.stop()
  }
}

/** Asks for an export; answers the page of the job that writes it, and after how many milliseconds it was named. */
async function asked(address: string, cookie: string): Promise<{ first: number; location: string }> {
  const start = performance.now()
  const { status, headers } = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  const location = headers.get('location')
  if (status !== 303 || !location) throw new Error(`${address} answered ${status}`)
  return { first: performance.now() - start, location }
}

/** Looks at the page of a job until it leads to its file, as a person does. */
async function fileOf(job: string, cookie: string): Promise<string> {
  for (;;) {
    const page = await (await fetch(job, { headers: { cookie } })).text()
    const [, file] = /href="(\/tools\/files\/\d+\/content)"/.exec(page) ?? []
    if (file) return file
    if (!/<progress/.test(page)) throw new Error(`${job} made no file`)
    await wait(200)
  }
}

/** Reads a file to its end; answers how many bytes there were. */
async function fetched(origin: string, path: string, cookie: string): Promise<number> {
  const answer = await fetch(origin + path, { headers: { cookie } })
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
  let bytes = 0
  for await (const part of answer.body as AsyncIterable<Uint8Array>) bytes += part.length
  return bytes
}
