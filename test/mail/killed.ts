import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/kernel/db/open.ts'
import { firstAccount } from '../../src/people/users/first-account.ts'
import { password, placeInstallation } from '../fixtures/app.ts'
import { newFolder } from '../fixtures/folder.ts'
import { until } from '../fixtures/patience.ts'
import { remoteBrowser, startServer } from '../fixtures/server.ts'
import { mailServer } from './fixtures/mail-server.ts'
import { messagesOf, reachable, useServer } from './fixtures/office.ts'

/** However hard the program dies, nobody gets a message twice, and those who got none for certain still get theirs. */
for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  t.test(`${signal} while a message is under way`, async (t) => {
    const settings = { DATA_DIR: newFolder(t) }
    const config = readConfig(settings)
    await placeInstallation(join(settings.DATA_DIR, 'kehu.db'))
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
    const dying = Promise.withResolvers<void>()
    server.beforeAnswer = (content) => (content === 3 ? dying.promise : Promise.resolve())
    await one.post(`${draft}/sending`, { version: '1' })
    await until(() => server.contents >= 3)
    const ended = first.end(signal)
    if (signal === 'SIGTERM') dying.resolve()
    await ended
    dying.resolve()
    await startServer(t, settings)
    await db('jobs').where({ state: 'running' }).update({ lease_until_at: '2020-01-01T00:00:00.000Z' })
    await until(async () => !(await db('jobs').whereIn('state', ['waiting', 'running']).first('id')))
    const messages = await messagesOf(db)
    const states = messages.map(({ state }) => state).sort()
    if (signal === 'SIGKILL') t.strictSame(states, ['sent', 'sent', 'sent', 'sent', 'sent', 'uncertain'])
    else t.strictSame(states, Array(6).fill('sent'), 'a stop in good order waits for the answer')
    t.equal(server.contents, 6, 'each was handed over once')
    const got = server.heard.map(({ to }) => to[0])
    t.equal(new Set(got).size, got.length)
  })
