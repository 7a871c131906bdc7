import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'
import { firstAccount } from '../../src/preset.ts'
import { password, placeInstallation } from '../fixtures/app.ts'
import { remoteBrowser, startServer } from '../fixtures/server.ts'
import { mailServer } from './fixtures/mail-server.ts'
import { messagesOf, reachable, useServer } from './fixtures/office.ts'

t.setTimeout(240_000)

/** However hard the program dies, nobody gets a message twice, and those who got none for certain still get theirs. */
for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  t.test(`${signal} while a message is under way`, async (t) => {
    const settings = { DATA_DIR: t.testdir() }
    const config = readConfig({ ...settings, DATABASE_URL: `sqlite:${join(t.testdirName, 'kehu.db')}` })
    await placeInstallation(join(t.testdirName, 'kehu.db'))
    const db = openDatabase(config.database)
    t.teardown(() => db.destroy())
    const server = await mailServer(t)
    const ids: string[] = []
    for (let at = 0; at < 6; at++) ids.push(String((await reachable(db, {}, `p${at}@x.example`)).id))
    const first = await startServer(t, settings)
    const one = await remoteBrowser(first.address, firstAccount.username, password)
    await useServer(one, server)
    const { location: form = '' } = await one.post('/customers/selections', {
      act: 'mail',
      scope: 'rows',
      query: '',
      ids,
    })
    const { location: draft = '' } = await one.post(form, { subject: '甲', body: '{{客户名称}}' })
    server.slowMs = 1_000
    await one.post(`${draft}/sending`, { version: '1' })
    while (server.contents < 3) await pause(5)
    await first.end(signal)
    server.slowMs = 0
    await startServer(t, settings)
    await db('jobs').where({ state: 'running' }).update({ lease_until_at: '2020-01-01T00:00:00.000Z' })
    while (await db('jobs').whereIn('state', ['waiting', 'running']).first('id')) await pause(20)
    const messages = await messagesOf(db)
    const states = messages.map(({ state }) => state).sort()
    if (signal === 'SIGKILL') t.strictSame(states, ['sent', 'sent', 'sent', 'sent', 'sent', 'uncertain'])
    else t.strictSame(states, Array(6).fill('sent'), 'a stop in good order waits for the answer')
    t.equal(server.contents, 6, 'each was handed over once')
    const got = server.heard.map(({ to }) => to[0])
    t.equal(new Set(got).size, got.length)
  })
