import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import type { Reference } from '../../kernel/reference.ts'
import { changeSettings, readSettings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { noteSettings } from '../../operation/settings-page/settings-record.ts'
import { companyKind } from './fields.ts'

export type Company = Values & { id: number; version: number; name: string }

/** Our own data, with the name out of the settings. */
export async function findCompany(db: Knex): Promise<Company> {
  const row = await db('company').first()
  const { companyName } = await readSettings(db)
  return { ...row, name: companyName }
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves our data that still stand at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveCompany(trx: Knex, save: Save): Promise<boolean> {
  // Locks the row of the revision, so that two changes never overlap.
  await bumpRevision(trx)
  const before = await findCompany(trx)
  const changes = await changeRecord(trx, companyKind, { before, ...save })
  const companyName = String(save.values.name)
  if (companyName !== before.name) {
    await noteSettings(trx, { companyName: before.name }, { companyName }, save)
    await changeSettings(trx, { companyName })
  }
  return changes.length > 0
}
