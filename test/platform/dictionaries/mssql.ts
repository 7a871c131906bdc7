import t from 'tap'
import '../../../src/modules.ts'
import { moveOnePlace } from '../../../src/kernel/modules/positions.ts'
import type { Reference } from '../../../src/kernel/reference.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { dictionaryNamed } from '../../../src/platform/dictionaries/dictionaries.ts'
import { switchDivision } from '../../../src/platform/dictionaries/division.ts'
import { dictionaryEntries } from '../../../src/platform/dictionaries/entries.ts'
import { addEntry, type StoredEntry, saveEntry } from '../../../src/platform/dictionaries/entry.ts'
import { searchFacets } from '../../../src/platform/dictionaries/moves.ts'
import { removeEntry } from '../../../src/platform/dictionaries/removal.ts'
import { countUses, isUsed } from '../../../src/platform/dictionaries/uses.ts'
import { recordingServer } from '../../fixtures/recording-mssql.ts'
import { serverFaults } from '../../fixtures/server-rules.ts'

const actor = { id: 1, name: '韩梅梅', address: null }
const maker = { actor, reference: {} as Reference }
const row = {
  id: 7,
  name: 'level_id:7',
  customer_count: 2,
  position: 3,
  version: 1,
  label: '甲',
  is_default: true,
  is_active: true,
  to_id: 3,
  from_id: 2,
  acts: 'view',
  files: null,
  alike: null,
  columns: null,
  people: null,
  column_name: 'f1_id',
  type: 'choice',
  dictionary: 'customer-levels',
  module_id: 7,
}
const entry = { ...row, dictionary: 'customer-levels' } as unknown as StoredEntry
const levels = dictionaryNamed('customer-levels')
const values = { label: '乙', is_default: true, is_active: true }

t.test('SQL Server is asked what it understands', async (t) => {
  const { db, seen } = recordingServer(row)
  await addEntry(db, 'customer-levels', values, maker)
  await saveEntry(db, entry, { ...maker, version: 1, values })
  await moveOnePlace({ trx: db, actor, viewer: everybody }, dictionaryEntries, 7, 'up')
  await countUses(
    db,
    levels,
    Array.from({ length: 900 }, (_, id) => id),
  )
  await isUsed(db, levels, 7)
  await removeEntry(db, levels, entry, { version: 1, target: { id: 8, label: '丙' }, actor }).catch(() => {})
  await searchFacets(db, [['level_id', '7']])
  const division = { code: '220000', name: '吉林省', parent_code: null, level: 1, is_active: true }
  await switchDivision(db, division, false, actor)
  t.ok(seen.length > 15)
  t.same(
    seen.flatMap((query) => serverFaults(query).map((fault) => `${fault}: ${query.sql}`)),
    [],
  )
})
