import { openDatabase } from '../src/kernel/db/open.ts'
import { hashPassword } from '../src/people/users/password.ts'
import { connect, type Send, signIn } from './client.ts'
import { account } from './database.ts'
import type { Figure } from './report.ts'
import { startServer } from './server.ts'
import { at, expect, median, timed } from './timing.ts'

const together = 20
const rounds = 8
let senders = 0

/** An address that nobody has used before: one that sends too much is held back. */
const newSender = () => ({ 'x-forwarded-for': `10.${senders >> 16}.${(senders >> 8) & 255}.${senders++ & 255}` })

/** How long a sign-in takes, and the pages of others while twenty wrong ones come at once, with known and unknown names. */
export async function signInFigures(file: string, suffix: string): Promise<Figure[]> {
  await costWhatTheyCost(file)
  process.env.TRUST_PROXY = 'true'
  const server = await startServer('src/start.js', file, '/login')
  delete process.env.TRUST_PROXY
  try {
    const send = await signIn(server.origin, account)
    const right = await timed(() => knock(server.origin, account, 303), { seconds: 6, atMost: 40, warmUp: 2 })
    const pages = await whileWrong(server.origin, send)
    const apart = await knownLessUnknown(server.origin)
    return [
      { name: `sign-in, p50${suffix}`, value: at(right, 0.5), unit: 'ms', most: 250 },
      { name: `sign-in, p99${suffix}`, value: at(right, 0.99), unit: 'ms', most: 250 },
      {
        name: `a page of others at ${together} wrong sign-ins, p99${suffix}`,
        value: at(pages, 0.99),
        unit: 'ms',
        most: 100,
      },
      { name: `wrong sign-in, known name less unknown, p50${suffix}`, value: apart, unit: 'ms' },
    ]
  } finally {
    await server.stop()
  }
}

/** The generated users have quick hashes and perhaps failures from the last run. */
async function costWhatTheyCost(file: string) {
  const db = openDatabase({ client: 'better-sqlite3', file })
  const fresh = { password_hash: await hashPassword(account.password), failures: 0, locked_until_at: null }
  await db('users').whereNot({ username: account.username }).update(fresh)
  await db('users').where({ username: account.username }).update({ failures: 0, locked_until_at: null })
  await db.destroy()
}

/** In turns, so that whatever else the machine does weighs on both alike. */
async function knownLessUnknown(origin: string): Promise<number> {
  const times: [known: number[], unknown: number[]] = [[], []]
  for (let round = 0; round < 60; round++) {
    const start = performance.now()
    await knock(origin, wrong(round), 422)
    times[round % 2]?.push(performance.now() - start)
  }
  return median(times[0] ?? []) - median(times[1] ?? [])
}

/** Names of the generated users and ones that nobody has, in turn; another one each time, so that no account is locked. */
const wrong = (index: number) => ({
  username: index % 2 ? `nobody${senders}` : `user${1 + (senders % 49)}`,
  password: 'Wrong wrong 1',
})

async function knock(origin: string, form: { username: string; password: string }, status: number) {
  expect(await connect(origin)('/login', { form, headers: newSender() }), status, '/login')
}

async function whileWrong(origin: string, send: Send): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    let isOver = false
    const attempts = Array.from({ length: together }, (_, index) => knock(origin, wrong(index), 422))
    const all = Promise.all(attempts).finally(() => {
      isOver = true
    })
    while (!isOver) {
      const start = performance.now()
      expect(await send('/customers'), 200, '/customers')
      times.push(performance.now() - start)
    }
    await all
  }
  return times.sort((a, b) => a - b)
}
