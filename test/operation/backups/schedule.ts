import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { askWhenDue, latestDue } from '../../../src/operation/backups/schedule.ts'
import { backUp, company } from './fixtures/company.ts'

t.test('when a backup was due last, by the clock of China', async (t) => {
  const now = new Date('2026-11-25T20:00:00.000Z') // Thursday, 4 in the morning
  t.equal(latestDue({ backupDay: 'never', backupHour: 2 }, now), undefined)
  t.equal(latestDue({ backupDay: 'daily', backupHour: 2 }, now), '2026-11-25T18:00:00.000Z')
  t.equal(latestDue({ backupDay: 'daily', backupHour: 5 }, now), '2026-11-24T21:00:00.000Z')
  t.equal(latestDue({ backupDay: 'sunday', backupHour: 2 }, now), '2026-11-21T18:00:00.000Z')
  t.equal(latestDue({ backupDay: 'thursday', backupHour: 4 }, now), '2026-11-25T20:00:00.000Z')
  t.equal(latestDue({ backupDay: 'thursday', backupHour: 5 }, now), '2026-11-18T21:00:00.000Z')
})

t.test('it is asked for once, whichever server looks, and made up for after a pause', async (t) => {
  const { db } = await company(t)
  const at = (day: string) => new Date(`2026-12-${day}T10:00:00+08:00`)
  t.notOk(await askWhenDue(db, at('01')), 'a new installation does not begin with one')
  t.notOk(await askWhenDue(db, at('02')))
  const asked = await Promise.all([1, 2, 3].map(() => askWhenDue(db, at('06'))))
  t.strictSame(asked.toSorted(), [false, false, true])
  t.notOk(await askWhenDue(db, at('07')))
  t.ok(await askWhenDue(db, at('30')), 'three weeks later one')
  t.equal((await db('jobs').where({ kind: 'backup' })).length, 2)
  await changeSettings(db, { backupDay: 'daily' })
  t.notOk(await askWhenDue(db, at('30')), 'a changed plan looks ahead')
  t.ok(await askWhenDue(db, at('31')))
})

t.test('of the backups that it makes by itself only the newest are kept', async (t) => {
  const here = await company(t)
  await changeSettings(here.db, { backupsKept: 2, backupDay: 'daily' })
  const manual = await backUp(here)
  const start = Date.now()
  await askWhenDue(here.db, new Date(start))
  for (const day of [1, 2, 3]) {
    t.ok(await askWhenDue(here.db, new Date(start + day * 86_400_000)))
    await here.app.runJobs()
  }
  t.equal(here.names().filter((name) => name.includes('scheduled')).length, 2)
  t.ok(here.names().includes(manual), 'one that somebody asked for stays')
  const log = await here.admin.get('/audit-log?record_type=backups')
  t.match(log.text, '定时任务')
})
