import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { eventsBy, type StoredEvent } from '../../kernel/history/history.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { pathOf, recordType } from './jobs.ts'
import { listBackups } from './place.ts'
import { openBackup } from './unpack.ts'

const hour = 3_600_000
const looked = 20

/**
 * The backup of the last hour that holds the present data: the log of this database says that it was made, since the data
 * were last exchanged, and the file carries the seal that is noted there. A name or a time alone anybody can bring.
 */
export async function presentBackup(db: Knex, config: Config): Promise<string | undefined> {
  const names = new Set((await listBackups(config.dataDir)).map(({ name }) => name))
  const exchanged = await lastExchange(db)
  for (const event of await eventsBy(db, { record_type: recordType, action: 'backup' }, looked)) {
    if (event.id < exchanged || Date.now() - Date.parse(event.occurred_at) > hour) return undefined
    const name = event.record_name ?? ''
    if (names.has(name) && (await isSealedAs(config, name, event))) return name
  }
  return undefined
}

/** The number of the entry that says that other data were put in; 0 where it never happened. */
async function lastExchange(db: Knex): Promise<number> {
  const [restored] = await eventsBy(db, { record_type: recordType, action: 'restore-backup' }, 1)
  const [imported] = await eventsBy(db, { record_type: 'archive', action: 'import' }, 1)
  return Math.max(restored?.id ?? 0, imported?.id ?? 0)
}

async function isSealedAs(config: Config, name: string, { changes }: StoredEvent): Promise<boolean> {
  const noted = changes.find(({ field }) => field === 'seal')?.after
  try {
    const { origin, seal, close } = await openBackup(pathOf(config, name), config)
    close()
    return origin === 'own' && seal === noted
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
