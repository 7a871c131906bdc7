import t, { type Test } from 'tap'
import { down, up } from '../../migrations/20261203000100_spell_mail_templates.ts'
import type { Browser } from '../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../people/roles/fixtures/people.ts'
import { office, reachable, useServer } from './fixtures/office.ts'

let forms = 0
const content = { subject: '{{客户名称}}报价', body: '{{称呼}}：' }
const add = async (one: Browser, name: string, more = {}) =>
  String(
    (await one.post('/mail/templates', { ...content, name, ...more, form_id: `template-form-${++forms}` })).location,
  )

/** A salesperson who may write, one who may share, and one who may do neither. */
async function world(t: Test) {
  const built = await office(t)
  const { app, db } = built
  await useServer(built.admin, built.server)
  for (const [name, without] of [
    ['写信', ['mail.share']],
    ['分享', []],
    ['不写', ['mail.create', 'mail.share']],
  ] as [string, string[]][])
    await addPerson(db, name, [await everyRightWithin(db, `${name}的`, { view: 'own', without })])
  const [writer, sharer, none] = [await signedIn(app, '写信'), await signedIn(app, '分享'), await signedIn(app, '不写')]
  const places = {
    own: await add(writer, '催款函', { subject: '关于货款' }),
    shared: await add(sharer, '初次联系', { is_shared: 'true' }),
    others: await add(sharer, '私下', { is_shared: '' }),
  }
  return { ...built, writer, sharer, none, places }
}

const namesIn = ({ page }: Awaited<ReturnType<Browser['get']>>) =>
  page.querySelectorAll('main tbody tr').map((row) => row.text.match(/催款函|初次联系|私下/)?.[0])

t.test('the list of templates is looked through as any other, and tells who wrote them', async (t) => {
  const { writer, none, places } = await world(t)
  const list = async (query = '') => namesIn(await writer.get(`/mail/templates${query}`))
  t.same(await list(), ['初次联系', '催款函'], 'by pinyin')
  t.same(await list('?sort=-name'), ['催款函', '初次联系'])
  t.same(await list('?q=ckh'), ['催款函'])
  t.same(await list('?q=货款'), ['催款函'], 'by their subjects too')
  t.same(await list('?f=is_shared:in:true'), ['初次联系'])
  t.match((await writer.get('/mail/templates?columns=name,body,user_id')).text, /初次联系.*\{\{称呼\}\}.*分享/)
  const view = { list: '/mail/templates', query: 'q=ckh', name: '催款的', form_id: 'template-view-1' }
  t.equal((await writer.post('/list-views', view)).status, 303)
  t.match((await writer.get('/mail/templates')).text, '催款的')
  t.ok((await writer.get('/search?q=催款')).page.querySelector(`main a[href="${places.own}"]`))
  t.notOk((await writer.get('/search?q=私下')).page.querySelector(`main a[href="${places.others}"]`))
  for (const place of ['/mail/templates', places.shared, '/mail/templates/new'])
    t.equal((await none.get(place)).status, 403, place)
  t.notMatch((await none.get('/search?q=初次')).body, places.shared)
})

t.test('templates that were there before stand in the list by their names, and are found', async (t) => {
  const { db, writer } = await world(t)
  const found = async (query: string) => namesIn(await writer.get(`/mail/templates?${query}`))
  await db.transaction(down)
  t.same(await found('q=ckh'), [])
  await db.transaction(up)
  t.same(await found('q=ckh'), ['催款函'])
  t.same(await found('q=货款'), ['催款函'])
  t.same(await found('sort=-name'), ['催款函', '初次联系'])
})

t.test('a template is changed and deleted by one who may, alone or with others, with its history', async (t) => {
  const { db, admin, writer, sharer, places } = await world(t)
  t.equal((await sharer.post(places.shared, { ...content, name: '初访', is_shared: 'true', version: '1' })).status, 303)
  const card = await writer.get(places.shared)
  for (const said of ['初访', '作者', '分享', '{{称呼}}', '初次联系']) t.match(card.text, said)
  t.notOk(card.page.querySelector('a[href$="/edit"], a[href$="/deletion"]'))
  t.match((await admin.get('/audit-log?record_type=mail_templates&action=update')).text, /邮件模板.*初访/)
  const question = await writer.get(`${places.own}/deletion`)
  t.match(question.text, '已经发送的邮件不受影响。')
  t.notMatch(question.text, '其他人员')
  t.match((await sharer.get(`${places.shared}/deletion`)).text, '其他人员也将不能再使用')
  const ids = Object.values(places).map((place) => place.split('/').at(-1) as string)
  const chosen = { query: '', scope: 'rows', ids, act: 'delete' }
  const { location = '' } = await writer.post('/mail/templates/selections', chosen)
  t.match((await writer.get(location)).text, /1 个.*无权/s)
  await writer.post(location, { form_id: 'template-selection-1' })
  t.same(await db('mail_templates').orderBy('id').pluck('name'), ['初访', '私下'])
})

t.test('who writes chooses among what may be used', async (t) => {
  const { db, writer, places } = await world(t)
  const owner = await db('users').where({ name: '写信' }).first('id')
  const { id } = await reachable(db, { owner_id: owner.id })
  const path = `/mail/new?customer=${id}`
  const offered = (await writer.get(path)).page
    .querySelectorAll('[name=template] option')
    .map(({ text }) => text.trim())
  t.same(
    offered.filter((one) => ['初次联系', '催款函', '私下'].includes(one)),
    ['初次联系', '催款函'],
  )
  const chosen = (place: string) => writer.get(`${path}&template=${place.split('/').at(-1)}`)
  t.match((await chosen(places.shared)).body, '{{客户名称}}报价')
  t.equal((await chosen(places.others)).status, 404)
})
