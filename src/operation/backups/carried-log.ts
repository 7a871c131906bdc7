import { rm } from 'node:fs/promises'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { moveAnchor } from '../audit-log/breaks.ts'
import { takeOutEntries } from '../audit-log/carry-over.ts'
import { linkEvents, sealEvents } from '../audit-log/sealer.ts'
import { incomingPath } from './place.ts'
import type { Found } from './staging.ts'

/**
 * Takes what the present log says beyond the backup into a file. Undefined where it cannot be read: the data are in need
 * then, and go before the log; that a part of it is missing is said by the log itself (operation/audit-log/breaks.ts).
 */
export async function takeOutLog(
  db: Knex,
  config: Config,
  { log }: Pick<Found, 'log'>,
  failed: (error: unknown) => void = () => {},
): Promise<string | undefined> {
  const file = await incomingPath(config.dataDir, '.log')
  try {
    await sealEvents(db, config)
    await takeOutEntries(db, log, file)
    return file
  } catch (error) {
    failed(error)
    await rm(file, { force: true })
    return undefined
  }
}

/** Links what the restored database says now. Where nothing of the log was left behind, its end may be another one. */
export async function goOnWithLog(db: Knex, config: Config, carried: string | undefined) {
  if (carried === undefined) return sealEvents(db, config)
  await beginWithLog(db, config)
  await rm(carried, { force: true })
}

/** The same where there was nothing here before. */
export async function beginWithLog(db: Knex, config: Config) {
  await linkEvents(db, config)
  await moveAnchor(db, config)
}
