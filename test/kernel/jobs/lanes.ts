import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { askForJob, findJob, type Job, keepLease } from '../../../src/kernel/jobs/job.ts'
import { type JobRun, jobRunner } from '../../../src/kernel/jobs/runner.ts'
import { takeJob } from '../../../src/kernel/jobs/taking.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { until } from '../../fixtures/patience.ts'
import { actor } from '../../fixtures/world.ts'

const { db, drop } = await openTestDatabase()
t.teardown(drop)
const person = (name: string) => insertUser(db, userRow({ username: name, name, password_hash: '-' }))
const people = [await person('an'), await person('bo'), await person('ci')] as [number, number, number]
const ask = (user: number, kind: string) =>
  askForJob(db, { kind, title: kind, payload: {}, actor: { ...actor, id: user } })
const stateOf = async (id: number) => (await findJob(db, id))?.state

t.test('work that waits for one step holds nobody else, whoever asked for it', async (t) => {
  const [an, bo, ci] = people
  const release = Promise.withResolvers<string>()
  const kinds = new Map([
    ['stuck', { kind: 'stuck', run: () => release.promise }],
    ['good', { kind: 'good', run: async ({ step }: JobRun) => step(async () => '好了') }],
  ])
  const stuck = [await ask(an, 'stuck'), await ask(bo, 'stuck')]
  const log = { error: (fields: Record<string, unknown>) => t.comment(String(fields.err)) }
  const runner = jobRunner({ db, log, config: {} as never }, { kinds, isStarted: true, ended: () => {}, stuckMs: 50 })
  await until(async () => (await Promise.all(stuck.map(stateOf))).every((state) => state === 'running'))
  const [more, good] = [await ask(an, 'good'), await ask(ci, 'good')]
  await until(async () => (await stateOf(good)) === 'done')
  // Nobody else asks for anything at the next look.
  runner.wake()
  await pause(20)
  const last = await ask(ci, 'good')
  await until(async () => (await stateOf(last)) === 'done')
  t.equal(await stateOf(more), 'waiting', 'what the same person asks for besides waits')
  release.resolve('放开')
  await until(async () => (await stateOf(more)) === 'done')
  await runner.stop()
})

t.test('those for whom nothing is done come first', async (t) => {
  const [an, bo] = people
  const [first, second, other] = [await ask(an, 'x'), await ask(an, 'x'), await ask(bo, 'x')]
  const taken = async () => (await takeJob(db, 'here'))?.id
  t.strictSame([await taken(), await taken(), await taken()], [first, other, second])
})

t.test('a server that is there keeps what it holds, and nobody else does', async (t) => {
  const { id } = (await findJob(db, await ask(people[0], 'x'))) as Job
  await takeJob(db, 'here')
  await db('jobs').update({ lease_until_at: '2020-01-01T00:00:00.000Z' })
  await keepLease(db, id, 'there')
  t.match(await db('jobs').where({ id }).first(), { lease_until_at: /^2020/ })
  await keepLease(db, id, 'here')
  t.notMatch(await db('jobs').where({ id }).first(), { lease_until_at: /^2020/ })
})
