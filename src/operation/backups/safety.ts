import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { pathOf } from './jobs.ts'
import { type BackupFile, isKeptForSafety, safetyDays, safetyEnd } from './place.ts'
import { openBackup } from './unpack.ts'

const t = text.backups.safetyKept

/**
 * Why somebody may not delete a backup. Who restores could take away what was there before, and with it what he did:
 * so nobody deletes it for a time, and whoever ordered the restoration never.
 */
export async function whyKept(db: Knex, config: Config, backup: BackupFile, actor: Actor): Promise<string | undefined> {
  if (backup.way !== 'safety') return undefined
  if (isKeptForSafety(backup)) return t.young(safetyDays, showInstant(safetyEnd(backup)))
  return (await isOrderedBy(db, config, backup, actor)) ? t.own : undefined
}

async function isOrderedBy(db: Knex, config: Config, { name }: BackupFile, actor: Actor): Promise<boolean> {
  const said = await openBackup(pathOf(config, name), config).catch((error) => {
    if (error instanceof Refusal) return undefined
    throw error
  })
  said?.close()
  // One that is damaged says nothing, and is no way back either.
  if (!said) return false
  const { account, createdBy } = said.manifest
  const user = await db('users').where({ id: actor.id }).first('username_key')
  return account === undefined ? createdBy === actor.name : account === user?.username_key
}
