import t from 'tap'
import { forgetOldDrafts } from '../../../src/kernel/web/form-drafts.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const address = '/profile'
const typed = { email: 'li@example.com', extension: '8"<b>\'&', form_at: address, form_id: 'a1b2c3d4' }

t.test('what was typed is kept for its person, offered, and forgotten in time', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [one, other] = [await as('李雷'), await as('韩梅梅')]
  const offer = async (who = one, at = address) => (await who.get(at)).page.querySelector('[data-draft]')
  const kept = async () => JSON.parse((await offer())?.getAttribute('data-draft') ?? '[]')
  t.equal((await one.post('/form-drafts', { ...typed, password: 'Right 1', password_again: 'Right 1' })).status, 204)

  await t.test('without passwords, ids and what it was called by', async (t) => {
    t.strictSame(await kept(), [
      ['email', typed.email],
      ['extension', typed.extension],
    ])
    t.notMatch(await db('form_drafts'), [{ fields: /Right 1/ }])
  })
  await t.test('for this form and this person alone', async (t) => {
    t.notOk(await offer(other))
    t.notOk(await offer(one, '/profile/options'))
    t.notOk(await offer(one, `${address}?x=1`))
    await other.post('/form-drafts', { form_at: address })
    t.ok(await offer(), 'another forgets only what is his')
  })
  await t.test('as long as it was not saved', async (t) => {
    await one.post('/form-drafts', { ...typed, email: 'lei@example.com' })
    t.strictSame((await kept())[0], ['email', 'lei@example.com'], 'the last counts')
    const version = (await one.get(address)).page.querySelector('[name=version]')?.getAttribute('value') as string
    const refused = await one.post('/profile', { ...typed, email: 'lei', version })
    t.equal(refused.status, 422)
    t.equal(
      refused.page.querySelector('[name=form_at]')?.getAttribute('value'),
      address,
      'it knows where it was opened',
    )
    t.ok(await offer())
    t.equal((await one.post('/profile', { ...typed, version })).status, 303)
    t.notOk(await offer())
  })
  await t.test('for an hour, and until the person signs out', async (t) => {
    await one.post('/form-drafts', typed)
    await forgetOldDrafts(db)
    t.ok(await offer())
    await db('form_drafts').update({ created_at: new Date(Date.now() - 61 * 60_000).toISOString() })
    t.notOk(await offer())
    await forgetOldDrafts(db)
    t.strictSame(await db('form_drafts'), [])
    await one.post('/form-drafts', typed)
    await other.post('/form-drafts', typed)
    await one.post('/logout', {})
    t.equal((await db('form_drafts')).length, 1)
  })
})

t.test('what is too much, or says no place of the program, is not kept', async (t) => {
  const { db, as, anyone } = await buildTestApp(t)
  const one = await as('李雷')
  for (const form_at of ['', 'https://example.com/', '//example.com', `/${'a'.repeat(300)}`])
    t.equal((await one.post('/form-drafts', { ...typed, form_at })).status, 422, form_at)
  t.equal((await one.post('/form-drafts', { ...typed, extension: '长'.repeat(100_000) })).status, 422)
  t.equal((await anyone.post('/form-drafts', typed)).status, 401)
  t.strictSame(await db('form_drafts'), [])
  for (let at = 0; at < 55; at++) await one.post('/form-drafts', { ...typed, form_at: `/tags/${at}/edit` })
  t.equal((await db('form_drafts')).length, 50, 'the newest stay')
})

t.test('what was typed before another changed the record says so', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  await one.post('/competitors', { name: '凯德亚' })
  const { id } = await db('competitors').first('id')
  const form_at = `/competitors/${id}/edit`
  const said = async () => (await one.get(form_at)).page.querySelector('[data-draft]')?.text
  await one.post('/form-drafts', { name: '凯德亚一', version: '1', form_at })
  t.notMatch(await said(), '已被修改')
  await one.post(`/competitors/${id}`, { name: '凯德亚二', version: '1' })
  t.match(await said(), '已被修改')
  const met = await one.post(`/competitors/${id}`, { name: '凯德亚一', version: '1', form_at })
  t.equal(met.status, 409)
  t.equal(met.page.querySelector('[name=form_at]')?.getAttribute('value'), form_at)
})
