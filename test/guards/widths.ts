import t from 'tap'
import '../../src/modules.ts'
import { nameField as viewName } from '../../src/kernel/list-views/form.ts'
import type { Field } from '../../src/kernel/web/fields.ts'
import { contentFields } from '../../src/mail/mailings/merge.ts'
import { copyFields } from '../../src/mail/messages/addresses.ts'
import { recordKinds } from '../../src/operation/audit-log/kinds.ts'
import { openTestDatabase } from '../fixtures/database.ts'

const skip = process.env.TEST_DATABASE_URL ? 'reads the schema of SQLite' : false

/** Their columns are wider than what may be typed. */
const roomy = new Set(['departments.name', 'roles.name', 'saved_reports.name', 'users.mobile', 'list_views.name'])
const declared: { table: string; fields: Field[] }[] = [
  ...recordKinds(),
  { table: 'list_views', fields: [viewName] },
  { table: 'mailings', fields: [...copyFields, ...contentFields] },
]

/** SQLite counts rare hanzi once where SQL Server counts them twice (8152), so no row there tells of a column too narrow. */
const widthOf = ({ max = 0, kind }: Field) => (kind.isCountedInUnits ? max : max * 2)

t.test('a column holds the longest text of its field, were it all rare hanzi', { skip }, async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  let tried = 0
  for (const { table, fields } of declared) {
    const columns: { name: string; type: string }[] = await db.raw('select name, type from pragma_table_info(?)', [
      table,
    ])
    for (const field of fields.filter(({ max }) => max)) {
      const type = columns.find(({ name }) => name === field.name)?.type
      const [, width] = /^varchar\((\d+)\)$/.exec(type ?? '') ?? []
      if (!width) continue
      const name = `${table}.${field.name}`
      if (roomy.has(name)) t.ok(Number(width) > widthOf(field), name)
      else t.equal(Number(width), widthOf(field), name)
      tried++
    }
  }
  t.ok(tried > 60, `${tried} fields`)
})
