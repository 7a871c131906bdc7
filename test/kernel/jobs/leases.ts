import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { askForJob, findJob, type Job, postponeJob, releaseJobs, renewLease } from '../../../src/kernel/jobs/job.ts'
import { type JobRun, jobRunner } from '../../../src/kernel/jobs/runner.ts'
import { takeJob } from '../../../src/kernel/jobs/taking.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { text } from '../../../src/texts/index.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { actor } from '../../fixtures/world.ts'

const past = '2020-01-01T00:00:00.000Z'

/** A database with one job that waits, and servers that know how to do it by `work`. */
async function office(t: Test, work: (run: JobRun, server: string) => Promise<string> = async () => '好了') {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const id = await insertUser(db, userRow({ username: 'li', name: '李雷', password_hash: '-' }))
  const job = await askForJob(db, { kind: 'work', title: '工作', payload: { at: 0 }, actor: { ...actor, id } })
  const logged: string[] = []
  const server = (name: string) => {
    const log = { error: (fields: Record<string, unknown>) => void logged.push(String(fields.err)) }
    const kinds = new Map([['work', { kind: 'work', run: (run: JobRun) => work(run, name) }]])
    return jobRunner({ db, log, config: {} as never }, { kinds, isStarted: false, ended: () => {} })
  }
  return { db, job, server, logged }
}

/** What a step does: one mark more, by how far the job is; the settings serve as a place to write to. */
async function mark(trx: Knex, job: Job, server: string) {
  job.payload = { at: Number(job.payload.at) + 1 }
  job.done_count++
  await trx('settings').insert({ name: `${job.payload.at} ${server}`, value: null })
}

const marks = (db: Knex): Promise<string[]> => db('settings').orderBy('name').pluck('name')
const expire = (db: Knex) => db('jobs').update({ lease_until_at: past })

t.test('of two servers that ask for a job at once one gets it', async (t) => {
  const { db, job } = await office(t)
  const both = () => Promise.all(['here', 'there'].map((server) => takeJob(db, server)))
  t.equal((await both()).filter(Boolean).length, 1)
  t.strictSame(await both(), [undefined, undefined], 'nor later, while the first one holds it')
  await expire(db)
  t.equal((await both()).filter(Boolean).length, 1, 'and one when its server fell silent')
  t.match(await findJob(db, job), { state: 'running', takeover_count: 1 })
})

t.test('a job is kept, ended and put off only by who holds it', async (t) => {
  const { db } = await office(t)
  const mine = (await takeJob(db, 'here')) as Job
  t.ok(await renewLease(db, mine, 'here'))
  t.notOk(await renewLease(db, mine, 'there'))
  await releaseJobs(db, 'there')
  t.equal(await takeJob(db, 'there'), undefined, 'nobody gives back what another holds')
  t.notOk(await postponeJob(db, mine, 'there', past))
  await expire(db)
  const theirs = (await takeJob(db, 'there')) as Job
  t.notOk(await renewLease(db, mine, 'here'), 'not any more once it was taken over')
  t.ok(await renewLease(db, theirs, 'there'))
})

t.test('a server that was silent and comes back undoes its step and stops', async (t) => {
  const woken = Promise.withResolvers<void>()
  const { db, job, server } = await office(t, async ({ step, job }, name) => {
    while (Number(job.payload.at) < 3) {
      await step((trx) => mark(trx, job, name))
      if (name === 'silent') await woken.promise
    }
    return `${name} 做完了`
  })
  const silent = server('silent').runAll()
  while ((await marks(db)).length === 0) await pause(1)
  await expire(db)
  await server('other').runAll()
  woken.resolve()
  await silent
  t.strictSame(await marks(db), ['1 silent', '2 other', '3 other'])
  t.match(await findJob(db, job), { state: 'done', outcome: 'other 做完了', done_count: 3, payload: { at: 3 } })
})

t.test('a step that fails is done again from where the last one was kept, and so is the job', async (t) => {
  let busy = 0
  let broken = 0
  let isBroken = true
  const { db, job, server, logged } = await office(t, async ({ step, job }, name) => {
    while (Number(job.payload.at) < 5)
      await step(async (trx) => {
        await mark(trx, job, name)
        if (job.payload.at === 2 && busy++ < 2) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
        if (job.payload.at === 4 && isBroken && ++broken) throw new Error('broken')
      })
    return '好了'
  })
  await server('a').runAll()
  t.equal(busy, 3, 'twice in vain')
  t.equal(broken, 1, 'what is no matter of waiting is not tried again')
  t.strictSame(logged, ['Error: broken'], 'and the log of the program has it')
  t.strictSame(await marks(db), ['1 a', '2 a', '3 a'], 'what was written in vain is undone')
  t.match(await findJob(db, job), { state: 'failed', done_count: 3, payload: { at: 3 } })
  isBroken = false
  await db('jobs').update({ state: 'waiting' })
  await server('b').runAll()
  t.strictSame(await marks(db), ['1 a', '2 a', '3 a', '4 b', '5 b'])
  t.match(await findJob(db, job), { state: 'done', done_count: 5, payload: { at: 5 } })
})

t.test('work that this program does not know fails in words', async (t) => {
  const { db, job, server, logged } = await office(t)
  await db('jobs').update({ kind: 'of a later version' })
  await server('a').runAll()
  t.match(await findJob(db, job), { state: 'failed', outcome: text.jobs.unknownKind })
  t.strictSame(logged, [], 'which is no fault')
})
