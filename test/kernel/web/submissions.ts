import t from 'tap'
import { idempotent, newFormId } from '../../../src/kernel/web/submissions.ts'
import { openTestDatabase } from '../../fixtures/database.ts'

t.test('a form sent several times at once makes one thing, and all are led to it', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const form = newFormId()
  const send = (form_id: unknown, name = '销售部') =>
    idempotent(db, { name, form_id }, async (trx) => {
      const [{ id }] = await trx('departments').insert({ name, name_key: name, parent_id: null }).returning('id')
      return `/departments/${id}`
    })
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(form)))
  t.equal(new Set(answers).size, 1)
  t.equal(await send(form), answers[0], 'later too')
  t.equal((await db('departments')).length, 1)
  t.not(await send(newFormId()), answers[0], 'another form makes another')
  const next = await Promise.all(Array.from({ length: 5 }, () => send(form, '服务部')))
  t.equal(new Set([...next, ...answers]).size, 2, 'the same form with other content makes one more, once')
  for (const form of [undefined, '', '1', "x' or 1=1 --", 'a'.repeat(65), ['a', 'b']]) await send(form)
  t.equal((await db('departments')).length, 9, 'what is no form id is no obstacle')
})

t.test('work that fails leaves nothing, and the form can be sent again', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const form = newFormId()
  const failing = idempotent(db, { form_id: form }, async (trx) => {
    await trx('departments').insert({ name: '甲', name_key: '甲', parent_id: null })
    throw new Error('no')
  })
  await t.rejects(failing, /no/)
  t.strictSame([await db('departments'), await db('submissions')], [[], []])
  t.equal(await idempotent(db, { form_id: form }, async () => '/done'), '/done')
  const taken = idempotent(db, { form_id: newFormId() }, async (trx) => {
    for (const name of ['a', 'a']) await trx('settings').insert({ name, value: '1' })
    return '/never'
  })
  await t.rejects(taken, { code: /./ }, 'a unique index refused the work, not the form')
})
