import { singleLine } from '../../../kernel/china/text.ts'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { referenceAt } from '../../../kernel/reference.ts'
import { dictionaryNamed } from '../../../platform/dictionaries/dictionaries.ts'
import { addEntry, findEntry, type StoredEntry } from '../../../platform/dictionaries/entry.ts'
import { removeEntry } from '../../../platform/dictionaries/removal.ts'
import { isUsed } from '../../../platform/dictionaries/uses.ts'
import { entryLabelled } from '../checking/unknown-values.ts'
import { type Import, saveImport } from '../import.ts'
import { askedTarget, dictionaryOf } from '../kind.ts'
import { kindOf } from '../kinds.ts'

const dictionaryFor = (one: Import, field: string) => dictionaryOf(askedTarget(kindOf(one), field)) ?? ''

/** Makes the entries that were asked for, each once, and keeps their ids as what was chosen. */
export async function makeEntries({ db, step, actor }: JobRun, one: Import) {
  for (const [index, { field, label, choice }] of one.unknown_values.entries()) {
    if (choice !== 'make') continue
    const reference = await referenceAt(db, await currentRevision(db))
    const dictionary = dictionaryFor(one, field)
    const there = entryLabelled(reference, dictionary, label)
    one.unknown_values = await step(async (trx) => {
      const values = { label: singleLine(label), code: null, tone: null, is_default: false, is_active: true }
      const id = there?.id ?? (await addEntry(trx, dictionary, values, { actor, reference }))
      const made = { field, label, rows: 0, choice: String(id), isMade: !there }
      const unknown_values = one.unknown_values.with(index, made)
      await saveImport(trx, one.id, { unknown_values })
      return unknown_values
    })
  }
}

/** Removes what an import made and no record has, unless somebody changed it since. */
export async function removeUnused({ step, actor }: JobRun, one: Import) {
  for (const [index, value] of one.unknown_values.entries()) {
    if (!value.isMade) continue
    one.unknown_values = await step(async (trx) => {
      const dictionary = dictionaryNamed(dictionaryFor(one, value.field))
      const id = Number(value.choice)
      const entry: StoredEntry | undefined = await trx('dictionary_entries').where({ id, version: 1 }).first()
      if (!entry || (await isUsed(trx, dictionary, id))) return one.unknown_values
      await removeEntry(trx, dictionary, await findEntry(trx, dictionary.name, id), { version: 1, actor })
      const unknown_values = one.unknown_values.with(index, { ...value, choice: 'empty', isMade: false })
      await saveImport(trx, one.id, { unknown_values })
      return unknown_values
    })
  }
}
