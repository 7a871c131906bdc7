import type { Knex } from 'knex'
import { askForRekeying } from '../../customers/duplicates/rekeying.ts'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import { changeSettings, readSettings, type Settings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { joined, valuesIn } from '../../kernel/web/multi-value.ts'
import { changesBetween, eventOf, Stale } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { settingsKind } from './fields.ts'

/** The one record of settings in the history. */
export const settingsId = 1

export type StoredSettings = Values & { id: number; version: number }

/** The settings as a record: lists as one text, and a version that every change in the history moves on. */
export async function findSettings(db: Knex): Promise<StoredSettings> {
  const settings = await readSettings(db)
  const last = await db('events')
    .where({ record_type: settingsKind.table, record_id: settingsId })
    .max({ version: 'record_version' })
    .first()
  const requiredCustomerFields = joined(settings.requiredCustomerFields)
  const shortCustomerFields = joined(settings.shortCustomerFields)
  const emptyWords = settings.emptyWords.join(' ') || null
  const lists = { requiredCustomerFields, shortCustomerFields, emptyWords }
  return { ...settings, ...lists, id: settingsId, version: Number(last?.version ?? 1) }
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves settings that still stand at `version`, throws Stale otherwise. Answers whether anything changed. */
export async function saveSettings(trx: Knex, { version, values, actor, reference }: Save): Promise<boolean> {
  // Locks the row of the revision, so that two changes never overlap.
  await bumpRevision(trx)
  const before = await findSettings(trx)
  const changes = changesBetween(settingsKind.fields, before, values, reference)
  if (changes.length === 0) return false
  if (before.version !== version) throw new Stale()
  await changeSettings(trx, settingsOf(values))
  // Our name is a part of our data too, which somebody else may have open.
  if (values.companyName !== before.companyName) await trx('company').increment('version', 1)
  if (values.areaCode !== before.areaCode) await askForRekeying(trx, actor, String(values.areaCode))
  const event = { ...eventOf(settingsKind, { id: settingsId }), action: 'update', changes }
  await recordEvent(trx, actor, { ...event, record_version: version + 1 })
  return true
}

/** Notes in the history of the settings what was changed elsewhere, so that a form opened before is stale. */
export async function noteSettings(
  trx: Knex,
  before: Partial<Settings>,
  after: Partial<Settings>,
  { actor, reference }: Pick<Save, 'actor' | 'reference'>,
) {
  const { version } = await findSettings(trx)
  const changes = changesBetween(settingsKind.fields, before, after, reference)
  const event = { ...eventOf(settingsKind, { id: settingsId }), action: 'update', changes }
  await recordEvent(trx, actor, { ...event, record_version: version + 1 })
}

const settingsOf = ({ requiredCustomerFields, shortCustomerFields, emptyWords, ...others }: Values) =>
  ({
    ...others,
    requiredCustomerFields: valuesIn(requiredCustomerFields),
    shortCustomerFields: valuesIn(shortCustomerFields),
    emptyWords: String(emptyWords ?? '')
      .split(' ')
      .filter(Boolean),
  }) as Settings
