import type { Knex } from 'knex'
import { facets } from '../src/customers/customers/fields.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { type Send, signIn } from './client.ts'
import { account } from './database.ts'
import { finished } from './imports.ts'
import { meanwhile } from './meanwhile.ts'
import { readForm } from './records.ts'
import type { Figure } from './report.ts'
import { scratchDatabase } from './scratch.ts'
import { startServer } from './server.ts'
import { expect } from './timing.ts'

const wanted = 100_000

/** Another level for about 100,000 customers that a filter finds, while another user works. */
export async function selectionFigures(count: number): Promise<Figure[]> {
  const database = await scratchDatabase(count)
  const db = openDatabase({ client: 'better-sqlite3', file: database })
  const { name, row_count } = await nearest(db).finally(() => db.destroy())
  const label = `another level for ${row_count.toLocaleString('en')} of ${count.toLocaleString('en')}`
  const server = await startServer('src/start.js', database, '/login')
  try {
    const send = await signIn(server.origin, account)
    const { seconds, note, figures } = await meanwhile(server, count, label, () =>
      changeLevel(send, name.replace(':', '=')),
    )
    const value = (seconds * wanted) / row_count
    return [
      { name: label, value, unit: 's', most: 20, note: `for ${wanted.toLocaleString('en')}; ${note}` },
      ...figures,
    ]
  } finally {
    await server.stop()
  }
}

/** The filter that finds the number next to the wanted one; the level itself is what is changed. */
async function nearest(db: Knex): Promise<{ name: string; row_count: number }> {
  const tallies: { name: string; row_count: number }[] = await db('tallies').where({ module: 'customers' })
  const usable = tallies.filter(({ name }) =>
    facets.some((facet) => facet.endsWith('_id') && facet !== 'level_id' && name.startsWith(`${facet}:`)),
  )
  const distance = ({ row_count }: { row_count: number }) => Math.abs(row_count - wanted)
  return usable.reduce((best, one) => (distance(one) < distance(best) ? one : best))
}

async function changeLevel(send: Send, query: string) {
  const form = { act: 'level_id', scope: 'whole', query }
  const { headers } = expect(await send('/customers/selections', { form }), 303, 'selection')
  const page = expect(await send(String(headers.location)), 200, 'change')
  const { action } = readForm(page.body.toString(), 'form#selection')
  const level = /<option value="(\d+)"/.exec(page.body.toString())?.[1] as string
  const asked = expect(await send(`${action}?level_id=${level}`), 200, 'what it changes')
  const confirm = readForm(asked.body.toString(), 'main form')
  const answer = expect(await send(confirm.action, { form: confirm.fields }), 303, confirm.action)
  const outcome = await finished(send, String(answer.headers.location))
  if (!outcome.includes('tone-green')) throw new Error('the level was not changed')
}
