import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { chinaClock } from '../../kernel/china/clock.ts'
import { upsert } from '../../kernel/db/dialect.ts'
import { askForJob } from '../../kernel/jobs/job.ts'
import { readSettings, type Settings } from '../../kernel/settings/settings.ts'
import { text } from '../../texts/index.ts'
import { weekdays } from './days.ts'
import { backupKind } from './jobs.ts'

const hour = 3_600_000
const day = 24 * hour
const everyMs = 60_000
const name = 'backup'

type Plan = Pick<Settings, 'backupDay' | 'backupHour'>

/** The latest moment at which a backup was due; undefined where none is planned. */
export function latestDue({ backupDay, backupHour }: Plan, now = new Date()): string | undefined {
  if (backupDay === 'never') return undefined
  const clock = chinaClock(now)
  const today = Math.floor(clock / day) * day + backupHour * hour
  for (let due = today; due > clock - 8 * day; due -= day) {
    const isDay = backupDay === 'daily' || weekdays[new Date(due).getUTCDay()] === backupDay
    if (due <= clock && isDay) return new Date(due - (clock - now.getTime())).toISOString()
  }
  return undefined
}

/**
 * Asks for the backup that is due. Of several servers the one that moves the row does so; a new installation, or a plan
 * that was changed, does not make up for what was due before it.
 */
export async function askWhenDue(db: Knex, now = new Date()): Promise<boolean> {
  const settings = await readSettings(db)
  const due = latestDue(settings, now)
  if (!due) return false
  const plan = `${settings.backupDay} ${settings.backupHour}`
  const known = await db('schedules').where({ name }).first('plan', 'done_until_at')
  if (known?.plan !== plan) {
    await upsert(db, 'schedules', { name }, { plan, done_until_at: due })
    return false
  }
  if (known.done_until_at >= due) return false
  return db.transaction(async (trx) => {
    const moved = await trx('schedules').where({ name }).where('done_until_at', '<', due).update({ done_until_at: due })
    if (moved === 0) return false
    const id = await keeperOf(trx)
    const actor = { id, name: text.backups.byClock, address: null }
    await askForJob(trx, {
      kind: backupKind,
      title: text.backups.job,
      payload: { way: 'scheduled' },
      total: 100,
      actor,
    })
    return true
  })
}

/** In whose list of work it stands: the first who administers. */
async function keeperOf(trx: Knex): Promise<number> {
  const active = () => trx('users').whereNot('users.status', 'left').orderBy('users.id')
  const keeper = await active()
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .join('roles', 'roles.id', 'user_roles.role_id')
    .where({ code: 'administrator' })
    .first('users.id')
  return (keeper ?? (await active().first('users.id'))).id
}

/** While the program runs, looks every minute whether a backup is due. */
export function keepSchedule(app: FastifyInstance) {
  if (app.config.database.client === 'better-sqlite3' && app.config.database.file === ':memory:') return
  const look = () =>
    app.door
      .pass(async () => void ((await askWhenDue(app.db)) && app.wakeJobs()))
      .catch((error) => app.log.error({ err: error }, 'schedule'))
  let watch: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => {
    await look()
    watch = setInterval(look, everyMs).unref()
  })
  app.addHook('preClose', async () => clearInterval(watch))
}
