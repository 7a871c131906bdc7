import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addMany } from './fixtures/customers.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const textOf = ({ raw }: Answer) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: raw, encoding: 'utf8' })

async function world() {
  const { db, as } = await buildTestApp(t)
  const [id, second] = await addMany(db, [
    {
      name: '吉林𬱖达机电有限公司',
      phone: '0431-84971234',
      bank_account: '6222020012345678',
      notes: '长期合作。'.repeat(40),
    },
    { name: '长春云帆商贸有限公司', phone: '0431-84979999' },
  ])
  await addMany(db, [{ name: '未选的公司' }])
  await (await as('韩梅梅')).post(`/customers/${id}/contacts`, { name: '周总', mobile: '13912345678', form_id: 'x' })
  return { db, as, id: id as number, second: second as number }
}

async function mask(db: Awaited<ReturnType<typeof world>>['db']) {
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_masks').insert(['phone', 'bank'].map((field_group) => ({ role_id, field_group })))
  await bumpRevision(db)
}

t.test('the card of a customer as PDF, with its contacts', { skip }, async (t) => {
  const { as, id } = await world()
  const he = await as('李雷')
  t.ok((await he.get(`/customers/${id}/print`)).page.querySelector(`a[href="/customers/${id}/print.pdf"]`))
  const pdf = await he.get(`/customers/${id}/print.pdf`)
  t.equal(pdf.headers['content-type'], 'application/pdf')
  t.ok(pdf.raw.length < 150_000)
  const words = textOf(pdf)
  for (const part of [
    '吉林𬱖达机电有限公司',
    '基本资料',
    '0431-84971234',
    '6222020012345678',
    '周总',
    '139',
    '制表人：李雷',
  ])
    t.match(words, part)
  t.equal(words.replace(/\s/g, '').split('长期合作。').length - 1, 40, 'a long note is whole')
})

t.test('a selection as PDF holds what was selected and no more', { skip }, async (t) => {
  const { as, id, second } = await world()
  const he = await as('李雷')
  const form = { query: '', scope: 'rows', ids: [String(id), String(second)], act: 'pdf' }
  const { location = '' } = await he.post('/customers/selections', form)
  t.match(location, /print\.pdf$/)
  const words = textOf(await he.get(location))
  t.match(words, '吉林𬱖达')
  t.match(words, '长春云帆')
  t.notMatch(words, '未选的公司')
  t.match(words, '共 2 条')
  const she = await as('王芳')
  t.equal((await she.get(location)).status, 403)
  t.equal((await (await as('韩梅梅')).get(location)).status, 404, 'nobody else’s selection')
})

t.test('neither shows what the person must not read', { skip }, async (t) => {
  const { db, as, id } = await world()
  await mask(db)
  const he = await as('李雷')
  const { location = '' } = await he.post('/customers/selections', {
    query: '',
    scope: 'rows',
    ids: [String(id)],
    act: 'pdf',
  })
  for (const path of [`/customers/${id}/print.pdf`, location, '/customers/print.pdf']) {
    const words = textOf(await he.get(path))
    t.match(words, '吉林𬱖达')
    for (const secret of ['84971234', '12345678', '13912345678']) t.notMatch(words, secret, path)
  }
})

t.test('out of range there is no such PDF, in range without the right it is refused', async (t) => {
  const { db, as, id } = await world()
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_ranges').where({ role_id: role.id, kind: 'view' }).update({ range: 'own' })
  const owner = await db('users').where({ name: '韩梅梅' }).first('id')
  await db('customers').where({ id }).update({ owner_id: owner.id })
  await bumpRevision(db)
  t.equal((await (await as('李雷')).get(`/customers/${id}/print.pdf`)).status, 404)
  t.equal((await (await as('王芳')).get(`/customers/${id}/print.pdf`)).status, 403)
})
