import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { type Paper, pairsOf } from '../../../src/kernel/modules/papers.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** 「设备卡」, a paper of a machine with what was done to it, for two to sign. */
const sheet: Paper = {
  name: 'sheet',
  label: '设备卡',
  sections: async (of) => [
    { title: '概况', pairs: pairsOf(of, ['keeper_phone', 'price', 'note', 'bought_on']) },
    {
      title: '维修',
      table: {
        columns: [
          { label: '事项', kind: 'text' },
          { label: '次数', kind: 'number' },
        ],
        rows: (await of.db('repairs').where({ equipment_id: of.record.id })).map(({ subject }) => [subject, 1234]),
        total: ['合计', 1234],
      },
    },
  ],
  signatures: () => ({ sentence: '请签字确认。', people: ['保管人', '验收人'] }),
}
const label: Paper = { name: 'label-2', label: '标签', sections: () => [{ title: '标签' }] }
const machines: Module = { ...equipment, papers: [sheet, label] }
declareFor(t, [machines, repairs])

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const printed = ({ raw }: Answer) =>
  execFileSync('pdftotext', ['-layout', '-', '-'], { input: raw, encoding: 'utf8' }).replace(/\s+/g, ' ')

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  for (const [name, rights] of [
    ['甲', { view: 'own' }],
    ['乙', { view: 'own' }],
    ['丙', { view: 'all', masks: 'phone' }],
    ['丁', { view: 'all', without: ['equipment.print'] }],
  ] as const)
    await addPerson(db, name, [await everyRightWithin(db, `角色${name}`, rights as never)])
  await bumpRevision(db)
  const as = (name: string) => signedIn(app, name)
  const owner = await as('甲')
  const machine = { name: '数控<车床>', keeper_phone: '13944012345', price: '12000.50', note: '放在二车间' }
  const { location = '' } = await owner.post('/equipment', { ...machine, form_id: 'paper-machine' })
  const equipment_id = location.split('/').at(-1) as string
  await owner.post('/repairs', { subject: '换刀', equipment_id, form_id: 'paper-repair' })
  return { ...built, as, owner, location, admin: await built.as('韩梅梅') }
}

t.test('a paper stands beside the print of the card, as a page to print and as a PDF', { skip }, async (t) => {
  const { owner, location, db, admin } = await world(t)
  const card = await owner.get(location)
  const links = card.page
    .querySelectorAll('.head a, .actions a')
    .map((link) => [link.text.trim(), link.getAttribute('href')])
  t.ok(links.some(([text, href]) => text === '设备卡' && href === `${location}/papers/sheet`))
  const page = await owner.get(`${location}/papers/sheet`)
  t.equal(page.status, 200)
  t.match(page.page.querySelector('h1')?.text, '设备卡：数控<车床>')
  t.match(page.body, '数控&lt;车床&gt;')
  t.same(
    page.page.querySelectorAll('h2').map(({ text }) => text),
    ['概况', '维修'],
  )
  for (const said of ['139-4401-2345', '12,000.50', '放在二车间', '换刀', '1,234', '请签字确认。', '验收人'])
    t.match(page.text.replace(/(\d{3})\s?(\d{4})\s?(\d{4})(?=\D)/, '$1-$2-$3'), said)
  t.notMatch(page.text, '购入日期', 'what is empty is left out')
  t.equal(page.page.querySelector('td.end')?.text, '1,234')
  const pdf = await owner.get(`${location}/papers/sheet.pdf`)
  t.match(pdf.headers['content-type'], 'application/pdf')
  t.match(decodeURIComponent(String(pdf.headers['content-disposition'])), '设备卡：数控<车床>')
  for (const said of ['设备卡', '数控<车床>', '12,000.50', '换刀', '1,234', '请签字确认']) t.match(printed(pdf), said)
  t.equal((await db('events').where({ action: 'print', record_type: 'equipment' })).length, 2)
  t.match((await owner.get(location)).text, /打印.*单据.*设备卡/)
  t.match((await admin.get('/audit-log?record_type=equipment&action=print')).text, '数控<车床>')
})

t.test('who may not print has no paper, nor who does not reach the record; masks hold on it', { skip }, async (t) => {
  const { as, location, db } = await world(t)
  const [other, masked, without] = (await Promise.all(['乙', '丙', '丁'].map(as))) as [Browser, Browser, Browser]
  for (const ending of ['', '.pdf']) {
    t.equal((await other.get(`${location}/papers/sheet${ending}`)).status, 404)
    t.equal((await without.get(`${location}/papers/sheet${ending}`)).status, 403)
    t.equal((await masked.get(`${location}/papers/nothing${ending}`)).status, 404)
    t.equal((await masked.get(`/equipment/999/papers/sheet${ending}`)).status, 404)
  }
  t.notMatch((await without.get(location)).text, '设备卡')
  t.equal((await db('events').where({ action: 'print' })).length, 0, 'what was refused is not noted down')
  const page = await masked.get(`${location}/papers/sheet`)
  t.notMatch(page.text.replace(/\D/g, ''), '13944012345')
  t.match(page.text, /保管人电话/)
  t.notMatch(printed(await masked.get(`${location}/papers/sheet.pdf`)).replace(/\D/g, ''), '13944012345')
})

t.test('the print of a card lists what hangs on it, as far as each may print that', { skip }, async (t) => {
  const { as, owner, location, db, admin } = await world(t)
  const printOf = async (one: Browser, path = location) => printed(await one.get(`${path}/print.pdf`))
  t.match(await printOf(owner), /基本信息.*维修记录.*事项.*换刀/)
  const repair = (await owner.get(location)).page.querySelector('main a[href^="/repairs/"]:not([href*=new])')
  const path = String(repair?.getAttribute('href'))
  t.match(await printOf(owner, path), /设备 数控<车床>/, 'and that of what hangs says on what')
  t.match(await printOf(await as('丙')), '换刀', 'masks keep nothing else back')
  const without = await everyRightWithin(db, '不印维修', { view: 'all', without: ['repairs.print'] })
  await addPerson(db, '戊', [without])
  const seen = await as('戊')
  t.match((await seen.get(location)).text, '换刀')
  t.notMatch(await printOf(seen), '换刀')
  t.notMatch(
    await printOf(admin, (await owner.post('/equipment', { name: '铣床', form_id: 'p-2' })).location),
    '维修记录',
  )
})

t.test('a paper that is there twice, badly named, or of what cannot be printed stops the start', async (t) => {
  const wrong = (more: Partial<Module>) => () =>
    declareModules([{ ...equipment, name: 'wrong', path: '/wrong', ...more }])
  for (const more of [
    { papers: [sheet, sheet] },
    { papers: [{ ...sheet, name: 'Big Sheet' }] },
    { papers: [{ ...sheet, name: '../x' }] },
    { papers: [sheet], acts: ['view'] as const },
  ])
    t.throws(wrong(more), { name: 'DeclarationError', message: /单据/ })
})
