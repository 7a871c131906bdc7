import type { Knex } from 'knex'
import t from 'tap'
import { customerKind, findCustomer, saveCustomer } from '../../../src/customers/customers/customer.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { eventsOf } from '../../../src/kernel/history/history.ts'
import { type Reference, referenceAt } from '../../../src/kernel/reference.ts'
import { changeRecord, changesBetween, conflictView, Stale, takeChoices } from '../../../src/kernel/web/record.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { password } from '../../fixtures/app.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { noReference } from '../../fixtures/things.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'

const { db, drop } = await openTestDatabase()
t.teardown(drop)
await presetInstallation(db, password)
const reference: Reference = await referenceAt(db, await currentRevision(db))
const save = async (db: Knex, id: number, version: number, values: Record<string, unknown>, name = '李雷') => {
  const before = await findCustomer(db, everybody, id)
  const all = Object.fromEntries(customerKind.fields.map(({ name }) => [name, before[name] ?? null]))
  const who = { ...actor, name }
  return db.transaction((trx) =>
    saveCustomer(trx, id, { version, values: { ...all, ...values }, actor: who, reference }),
  )
}

t.test('a save that changes nothing is none, and what it changes is remembered as read', async (t) => {
  const id = await makeCustomer(db)
  t.equal(await save(db, id, 1, {}), false)
  t.equal(await save(db, id, 1, { short_name: '甲', credit_limit_cents: 123_450 }), true)
  const [event] = await eventsOf(db, 'customers', id)
  t.match(event, { action: 'update', record_version: 2, user_name: '李雷' })
  const texts = event?.changes.map(({ field, beforeText, afterText }) => [field, beforeText, afterText])
  t.strictSame(texts, [
    ['short_name', '', '甲'],
    ['credit_limit_cents', '', '1,234.50'],
  ])
  t.strictSame(changesBetween(customerKind.fields, { name: 'a', bank: null }, { name: 'a', evil: 1 }, noReference), [])
})

t.test('who saves an older version, or none, saves nothing', async (t) => {
  const id = await makeCustomer(db)
  await save(db, id, 1, { short_name: '甲' })
  for (const version of [1, 0, 3, Number.NaN])
    t.type(await save(db, id, version, { short_name: '乙' }).catch((error) => error), Stale, `version ${version}`)
  t.match(await findCustomer(db, everybody, id), { short_name: '甲', version: 2 })
})

t.test('of many who save the same version at once, one does', async (t) => {
  const id = await makeCustomer(db)
  const before = await findCustomer(db, everybody, id)
  const saves = Array.from({ length: 6 }, (_, index) =>
    db.transaction((trx) =>
      changeRecord(trx, customerKind, { before, version: 1, values: { short_name: `第${index}` }, actor, reference }),
    ),
  )
  const results = await Promise.allSettled(saves)
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const result of results) if (result.status === 'rejected') t.type(result.reason, Stale)
  t.equal((await eventsOf(db, 'customers', id)).filter(({ action }) => action === 'update').length, 1)
})

t.test('the conflict screen merges what only one changed and asks about the rest', async (t) => {
  const id = await makeCustomer(db, { short_name: '旧', bank: '旧行', occupation: '旧业', address: '旧址' })
  const opened = await findCustomer(db, everybody, id)
  await save(db, id, 1, { short_name: '他', bank: '他行' }, '韩梅梅')
  await save(db, id, 2, { short_name: '他们', occupation: '同业' }, '王芳')
  const theirs = await findCustomer(db, everybody, id)
  const yours = {
    ...Object.fromEntries(customerKind.fields.map(({ name }) => [name, opened[name] ?? null])),
    ...{ short_name: '我', address: '我址', occupation: '同业' },
  }
  const parts = { theirs, yours, version: 1, action: '/a', cancelHref: '/c', reference }
  const { conflict } = await conflictView(db, customerKind, parts)
  const rows = Object.fromEntries(conflict.rows.map(({ field, ...row }) => [field, row]))
  t.strictSame(Object.keys(rows).sort(), ['address', 'bank', 'short_name'], 'changed alike is no row')
  t.match(rows.short_name, { base: '旧', theirs: '他们', yours: '我', isConflict: true, isTheirs: false })
  t.match(rows.bank, { base: '旧行', theirs: '他行', yours: '旧行', isConflict: false, isTheirs: true })
  t.match(rows.address, { base: '旧址', theirs: '旧址', yours: '我址', isConflict: false, isTheirs: false })
  const hidden = Object.fromEntries(conflict.hidden.map(({ name, value }) => [name, value]))
  t.match(hidden, { short_name: '我', bank: '他行', address: '我址', occupation: '同业', version: '3' })
  t.match(conflict.message, /韩梅梅.+王芳/)
  const chosen = takeChoices(customerKind, { ...hidden, keep_short_name: 'theirs', keep_address: 'mine' }, theirs)
  t.match(chosen, { short_name: '他们', address: '我址', bank: '他行' })
})

t.test('of a form whose version tells nothing, everything that differs is asked', async (t) => {
  const id = await makeCustomer(db, { short_name: '旧' })
  const theirs = await findCustomer(db, everybody, id)
  for (const version of [0, 1, 9]) {
    const parts = { theirs, yours: { short_name: '我' }, version, action: '/a', cancelHref: '/c', reference }
    const { conflict } = await conflictView(db, customerKind, parts)
    t.strictSame(
      conflict.rows.map(({ field, isConflict }) => [field, isConflict]),
      [['short_name', true]],
      `${version}`,
    )
  }
})
