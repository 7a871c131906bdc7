import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { importFolder } from '../work.ts'

const daysKept = 30

/** Removes the uploaded files of imports at which nobody worked for a month; what they did stays known. */
export async function removeOldFiles(db: Knex, dataDir: string) {
  const before = new Date(Date.now() - daysKept * 86_400_000).toISOString()
  const old: { id: number; stored_name: string }[] = await db('imports')
    .whereNotNull('stored_name')
    .where('updated_at', '<', before)
    .select('id', 'stored_name')
  for (const { id, stored_name } of old) {
    await rm(join(importFolder(dataDir), stored_name), { force: true })
    await db('imports').where({ id }).update({ stored_name: null })
  }
}
