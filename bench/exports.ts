import { request } from 'node:http'
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
      const answer = await fetched(`${server.origin}/customers.xlsx`, cookie)
      first = answer.first
      bytes = answer.bytes
    })
    return [
      { name, value: seconds, unit: 's', most: 20, note: `${(bytes / 1e6).toFixed(1)} MB, ${note}` },
      { name: `first byte, ${name}`, value: first, unit: 'ms', most: 1000 },
      ...figures,
    ]
  } finally {
    await server.stop()
  }
}

/** Reads a file to its end; answers when its first byte came, in milliseconds, and how many there were. */
function fetched(address: string, cookie: string): Promise<{ first: number; bytes: number }> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    request(address, { headers: { cookie } }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${address} answered ${answer.statusCode}`))
      let [first, bytes] = [0, 0]
      answer.on('data', (part: Buffer) => {
        first ||= performance.now() - start
        bytes += part.length
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ first, bytes }))
    })
      .on('error', reject)
      .end()
  })
}
