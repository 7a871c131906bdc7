import t from 'tap'
import { addContact } from '../../../src/customers/contacts/contact.ts'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addMany, maker } from '../customers/fixtures/customers.ts'

const blank = Object.fromEntries(contactFields.map(({ name }) => [name, null]))

async function withContacts(t: Parameters<typeof buildTestApp>[0], contacts: Record<string, unknown>[]) {
  const { db, as } = await buildTestApp(t)
  const [customer] = await addMany(db, [{ name: '长春明日科技有限公司' }])
  for (const contact of contacts)
    await db.transaction((trx) => addContact(trx, customer as number, { ...blank, ...contact }, maker))
  return { db, as, admin: await as('韩梅梅'), customer }
}

type Card = Record<string, string[][]>

/** Reads vCards as RFC 2426 says: unfolds, parts names from values, and values at semicolons without a backslash. */
function cardsIn({ raw }: Answer): Card[] {
  const text = raw.toString('utf8')
  t.notMatch(text, /[^\r]\n|\uFFFD/, 'every line ends in CRLF, no character is cut')
  t.ok(
    text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75),
    'no line is longer than 75 octets',
  )
  const cards: Card[] = []
  for (const line of text.replaceAll('\r\n ', '').split('\r\n').filter(Boolean)) {
    const at = line.indexOf(':')
    if (line === 'BEGIN:VCARD') cards.push({})
    const card = cards.at(-1) as Card
    const values = line.slice(at + 1).split(/(?<!\\)(?:\\\\)*;/)
    const name = line.slice(0, at)
    card[name] = [...(card[name] ?? []), values.map(plain)]
  }
  return cards
}

const plain = (value: string) => value.replace(/\\(.)/g, (_found, sign) => (sign === 'n' ? '\n' : sign))

t.test('a card says everything about a contact, whatever signs stand in it', async (t) => {
  const notes = `第一行,逗号;分号\\反斜线:冒号\n第二行 ${'𠮷'.repeat(60)}\nEND:VCARD`
  const { admin, customer } = await withContacts(t, [
    {
      name: '欧阳明日',
      nickname: 'BEGIN:VCARD',
      department: '销售;一部',
      position: '经理',
      mobile: '13800138000 / 13844551234',
      office_phone: '0431-84978981-8012',
      home_phone: '010-88886666',
      email: 'ming@example.com',
      address: '长春市, 朝阳区',
      postcode: '130012',
      birthday_on: '1990-02-28',
      notes,
    },
  ])
  const answer = await admin.get(`/customers/${customer}/contacts/1.vcf`)
  t.equal(answer.headers['content-type'], 'text/vcard; charset=utf-8')
  t.match(answer.headers['content-disposition'], /^attachment; .*%E6%AC%A7.*-\d{4}-\d\d-\d\d\.vcf$/)
  const [card, ...others] = cardsIn(answer)
  t.equal(others.length, 0)
  t.strictSame(card, {
    BEGIN: [['VCARD']],
    VERSION: [['3.0']],
    N: [['欧阳', '明日', '', '', '']],
    FN: [['欧阳明日']],
    NICKNAME: [['BEGIN:VCARD']],
    ORG: [['长春明日科技有限公司', '销售;一部']],
    TITLE: [['经理']],
    'TEL;TYPE=CELL,VOICE': [['13800138000'], ['13844551234']],
    'TEL;TYPE=WORK,VOICE': [['0431-84978981-8012']],
    'TEL;TYPE=HOME,VOICE': [['010-88886666']],
    'EMAIL;TYPE=INTERNET': [['ming@example.com']],
    'ADR;TYPE=WORK': [['', '', '长春市, 朝阳区', '', '', '130012', '']],
    BDAY: [['1990-02-28']],
    NOTE: [[notes]],
    END: [['VCARD']],
  })
})

t.test('names are parted after the surname', async (t) => {
  const names = {
    王芳: ['王', '芳'],
    欧阳锋: ['欧阳', '锋'],
    欧阳: ['欧', '阳'],
    单于慕云: ['单于', '慕云'],
    阿依古丽·买买提: ['', '阿依古丽·买买提'],
    'John R. Smith': ['Smith', 'John R.'],
    李: ['', '李'],
  }
  const { admin } = await withContacts(
    t,
    Object.keys(names).map((name) => ({ name })),
  )
  const cards = cardsIn(await admin.get('/contacts.vcf'))
  const parts = Object.fromEntries(cards.map(({ FN, N }) => [FN?.[0]?.[0], N?.[0]?.slice(0, 2)]))
  t.strictSame(parts, names)
})

t.test('the list gives what it shows, in its order, and the log keeps how many', async (t) => {
  const many = Array.from({ length: 620 }, (_, at) => ({ name: `单${at}`, department: at % 2 ? '销售部' : '财务部' }))
  const { db, admin } = await withContacts(t, many)
  const link = (await admin.get('/contacts?department=销售')).page.querySelector('a[href^="/contacts.vcf"]')
  const cards = cardsIn(await admin.get(link?.getAttribute('href')?.replaceAll('&amp;', '&') ?? ''))
  t.equal(cards.length, 310)
  t.ok(cards.every(({ ORG }) => ORG?.[0]?.[1] === '销售部'))
  const event = await db('events').where({ action: 'export' }).orderBy('id', 'desc').first()
  t.match(event, { record_type: 'contacts', record_name: /^310 / })
})

t.test('only those who may export, and only contacts there are', async (t) => {
  const { db, as, admin, customer } = await withContacts(t, [{ name: '张三' }])
  const plainUser = await as('李雷')
  for (const path of ['/contacts.vcf', `/customers/${customer}/contacts/1.vcf`])
    t.equal((await plainUser.get(path)).status, 403, path)
  t.notOk((await plainUser.get('/contacts')).page.querySelector('a[href*=".vcf"]'))
  t.notOk((await plainUser.get(`/customers/${customer}/contacts/1`)).page.querySelector('a[href*=".vcf"]'))
  for (const path of ['999/contacts/1', `${customer}/contacts/99`, `${customer}/contacts/x`, `${customer}/contacts/0`])
    t.equal((await admin.get(`/customers/${path}.vcf`)).status, 404, path)
  await db('contacts').update({ deleted_at: new Date().toISOString() })
  t.equal((await admin.get(`/customers/${customer}/contacts/1.vcf`)).status, 404)
  t.equal((await admin.get('/contacts.vcf')).body, '')
})
