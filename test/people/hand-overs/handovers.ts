import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { findJob } from '../../../src/kernel/jobs/job.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { handoverJob } from '../../../src/people/hand-overs/work.ts'
import { setSuperior } from '../../../src/people/users/superiors.ts'
import { addMany } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../roles/fixtures/people.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const { db, as } = made
  const idOf = async (username: string) => (await db('users').where({ username }).first('id')).id as number
  await db('user_roles').insert({
    user_id: await idOf('王芳'),
    role_id: (await db('roles').where({ code: 'service' }).first('id')).id,
  })
  await bumpRevision(db)
  const [han, li, wang] = [await idOf('韩梅梅'), await idOf('李雷'), await idOf('王芳')]
  const give = (count: number, more: Record<string, unknown> = {}) =>
    addMany(
      db,
      Array.from({ length: count }, (_, at) => ({ name: `客户${at}号公司`, owner_id: li, ...more })),
    )
  const ownedBy = async (owner_id: number) => (await db('customers').where({ owner_id })).length
  return { ...made, han, li, wang, give, ownedBy, admin: await as('韩梅梅') }
}

const send = (admin: Browser, id: number, form: Record<string, string | number>, by = 'one') =>
  admin.post(`/users/${id}/handover?by=${by}`, { reason: '离职交接', ...form })

t.test(
  'one who leaves hands everything to one: customers, bin, subordinates, departments; the account is closed',
  async (t) => {
    const { db, as, admin, han, li, wang, give, ownedBy } = await world(t)
    const ids = await give(3)
    const binned = ids[2] as number
    await admin.post(`/customers/${binned}/deletion`, { version: 1 })
    await addDepartment(db, { name: '销售部', head_id: li }, actor)
    await db('users').where({ id: wang }).update({ superior_id: li })
    await setSuperior(db, wang, li)
    await bumpRevision(db)
    const leaving = await as('李雷')
    const page = await admin.get(`/users/${li}/handover`)
    t.match(page.text, /客户 2 .*回收站中的客户 1 .*下属 1 .*负责的部门 销售部/)
    t.ok(page.page.querySelector('#handover-is_leaving')?.hasAttribute('checked'))
    const form = { receiver_1: han, is_leaving: 'true', new_superior_id: han, new_head_id: wang }
    const answer = await send(admin, li, form)
    t.match(answer.location, /^\/users\/\d+\/handovers\/\d+$/)
    t.strictSame([await ownedBy(li), await ownedBy(han)], [0, 3])
    t.match(await db('users').where({ id: li }).first(), { status: 'left' })
    t.equal((await leaving.get('/customers')).status, 303, 'the session is ended')
    t.equal((await db('users').where({ id: wang }).first()).superior_id, han)
    t.same(await db('superior_paths').where({ user_id: wang, depth: 1 }).pluck('superior_id'), [han])
    t.equal((await db('departments').first()).head_id, wang)
    const shown = await admin.get(answer.location as string)
    t.match(shown.text, /工作移交已完成，共移交 3 个客户/)
    t.match(shown.text, /韩梅梅3/)
    t.match(shown.text, /王芳 的上级改为 韩梅梅/)
    const history = await admin.get(`/customers/${ids[0]}/history`)
    t.match(history.text, /移交.*李雷.*韩梅梅.*离职交接/)
    t.match(await db('events').where({ record_id: binned, action: 'transfer', record_type: 'customers' }), [{}])
    t.match((await admin.get(`/users/${li}`)).text, /工作移交记录.*李雷 移交 3 个客户/)
    t.match((await admin.get(`/users/${han}`)).text, /李雷 移交 3 个客户/, 'on the card of who received too')
    t.equal((await admin.get(`/customers?owner_id=${han}`)).page.querySelectorAll('#list tbody tr').length, 2)
  },
)

t.test('dealt out in turns, and by level', async (t) => {
  const { db, admin, han, li, wang, give, ownedBy } = await world(t)
  await give(7)
  const even = await send(admin, li, { receiver_1: han, receiver_2: wang, receiver_3: han }, 'even')
  t.equal(even.status, 303)
  t.strictSame([await ownedBy(li), await ownedBy(han), await ownedBy(wang)], [0, 4, 3])
  t.match(await db('users').where({ id: li }).first(), { status: 'active' }, 'who only hands over stays')
  const levels: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).limit(2).pluck('id')
  await give(2, { level_id: levels[0] })
  await give(3, { level_id: levels[1] })
  await give(1)
  const page = await admin.get(`/users/${li}/handover?by=level_id`)
  t.equal(page.page.querySelectorAll('#handover select[name^=receiver_of_]').length, 3)
  const missing = await send(admin, li, { [`receiver_of_${levels[0]}`]: han }, 'level_id')
  t.equal(missing.status, 422, 'every level needs somebody')
  const form = { [`receiver_of_${levels[0]}`]: han, [`receiver_of_${levels[1]}`]: wang, receiver_of_0: wang }
  t.equal((await send(admin, li, form, 'level_id')).status, 303)
  t.strictSame([await ownedBy(li), await ownedBy(han), await ownedBy(wang)], [0, 6, 7])
  const links = (await admin.get(`/users/${li}`)).page.querySelectorAll('main a[href*="/handovers/"]')
  t.strictSame(
    links.map((link) => link.getAttribute('href')?.split('/').at(-1)),
    ['2', '1'],
    'the latest first',
  )
})

t.test('what cannot be is refused at its field, and nothing has moved', async (t) => {
  const { db, admin, han, li, wang, give, ownedBy } = await world(t)
  await give(2)
  await db('users').where({ id: wang }).update({ status: 'left' })
  await bumpRevision(db)
  const bad: [Record<string, string | number>, string, RegExp][] = [
    [{ receiver_1: '' }, 'receiver_1', /请填写接收人/],
    [{ receiver_1: li }, 'receiver_1', /不能是移交人本人/],
    [{ receiver_1: wang }, 'receiver_1', /已离职/],
    [{ receiver_1: 'x' }, 'receiver_1', /请从列表中选择/],
    [{ receiver_1: han, reason: '' }, 'reason', /请填写移交原因/],
  ]
  for (const [form, field, sentence] of bad) {
    const answer = await send(admin, li, form)
    t.equal(answer.status, 422, JSON.stringify(form))
    t.match(answer.page.querySelector(`#handover-${field}-error`)?.text, sentence)
    if (field !== 'reason') t.equal(answer.page.querySelector('#handover-reason')?.getAttribute('value'), '离职交接')
  }
  await give(1, { owner_id: han })
  const oneself = await send(admin, han, { receiver_1: li, is_leaving: 'true' })
  t.match(oneself.page.querySelector('#handover-is_leaving-error')?.text, /不能给自己办理离职/)
  t.equal((await send(admin, li, {}, 'even')).status, 422)
  const [below, lowest] = [await addPerson(db, '下属', ['sales']), await addPerson(db, '下属的下属', ['sales'])]
  for (const [id, superior] of [
    [below, li],
    [lowest, below],
  ] as const) {
    await db('users').where({ id }).update({ superior_id: superior })
    await setSuperior(db, id, superior)
  }
  await bumpRevision(db)
  const round = await send(admin, li, { receiver_1: han, is_leaving: 'true', new_superior_id: lowest })
  t.match(round.page.querySelector('#handover-new_superior_id-error')?.text, /下属/)
  t.match(await db('users').where({ id: li }).first(), { status: 'active' })
  t.strictSame([await ownedBy(li), await db('handovers')], [2, []])
  t.equal((await admin.get('/users/2147483647/handover')).status, 404)
  t.equal((await admin.get(`/users/${li}/handovers/1`)).status, 404)
})

t.test('the right is asked for, also on the card', async (t) => {
  const { as, admin, han, li, give } = await world(t)
  await give(1)
  await send(admin, li, { receiver_1: han })
  const he = await as('李雷')
  for (const path of ['handover', 'handovers/1', 'handovers/1/protocol.pdf', 'handovers/1/customers.xlsx'])
    t.equal((await he.get(`/users/${li}/${path}`)).status, 403, path)
  t.equal((await send(he, han, { receiver_1: li })).status, 403)
  t.equal((await admin.get(`/users/${han}/handovers/1`)).status, 404, 'of another person')
})

t.test('who reaches only some people hands over theirs alone', async (t) => {
  const { app, db, li, wang, give, ownedBy } = await world(t)
  await give(2)
  const role = await everyRightWithin(db, '部门主管', { view: 'team' })
  const manager = await addPerson(db, '主管', [role])
  const one = await signedIn(app, '主管')
  for (const path of ['', '?by=even']) t.equal((await one.get(`/users/${li}/handover${path}`)).status, 403)
  t.equal((await send(one, li, { receiver_1: manager })).status, 403)
  t.notOk((await one.get(`/users/${li}`)).page.querySelector(`a[href="/users/${li}/handover"]`))
  await db('users').where({ id: li }).update({ superior_id: manager })
  await setSuperior(db, li, manager)
  await bumpRevision(db)
  const { location } = await send(one, li, { receiver_1: wang })
  t.equal((await one.get(location as string)).status, 200)
  t.equal(await ownedBy(wang), 2)
})

t.test('many go by a job that goes on after a crash, none twice, none lost; a second one waits', async (t) => {
  const { app, db, admin, han, li, wang, give, ownedBy } = await world(t)
  await give(600)
  const soon = app.jobSoon
  app.jobSoon = async () => {}
  const answer = await send(admin, li, { receiver_1: han, receiver_2: wang }, 'even')
  const second = await send(admin, li, { receiver_1: wang })
  t.equal(second.status, 422)
  t.match(second.text, /另一次移交正在进行/)
  const running = await admin.get(answer.location as string)
  t.match(running.text, /进行中.*0 \/ 600 个客户/)
  t.notOk(running.page.querySelector('.actions a[href$="protocol.pdf"]'), 'nothing to sign yet')
  const job = (await db('jobs').where({ kind: 'handover' }).first('id')).id
  let steps = 0
  const step = (work: (trx: typeof db) => Promise<unknown>) => {
    if (++steps === 2) throw new Error('the process is killed')
    return db.transaction(work)
  }
  await t.rejects(handoverJob.run({ db, job: await findJob(db, job), actor: { ...actor, id: han }, step } as never))
  t.equal(await ownedBy(li), 350)
  const [changed] = await db('customers').where({ owner_id: li }).orderBy('id', 'desc').limit(1)
  await db('customers')
    .where({ id: changed.id })
    .update({ notes: '同时修改', version: changed.version + 1 })
  app.jobSoon = soon
  await app.runJobs()
  t.strictSame([await ownedBy(li), await ownedBy(han), await ownedBy(wang)], [0, 300, 300])
  t.match(await db('customers').where({ id: changed.id }).first(), { notes: '同时修改' }, 'what another changed stays')
  const rows = await db('handover_rows').select('record_id')
  t.equal(new Set(rows.map(({ record_id }) => record_id)).size, 600)
  t.equal(rows.length, 600)
  t.equal((await db('events').where({ action: 'transfer', record_type: 'customers' })).length, 600)
  const finished = await admin.get(answer.location as string)
  t.match(finished.text, /已完成.*600 \/ 600 个客户/)
  t.ok(finished.page.querySelector('.actions a[href$="protocol.pdf"]'))
  t.notMatch(finished.text, '没有移交', 'nothing is left')
})

t.test('a receiver who leaves in the middle stops it, with what moved kept and the rest to go on with', async (t) => {
  const { app, db, admin, han, li, wang, give, ownedBy } = await world(t)
  await give(300)
  app.jobSoon = async () => {}
  const answer = await send(admin, li, { receiver_1: wang })
  await db('users').where({ id: wang }).update({ status: 'left' })
  await bumpRevision(db)
  await app.runJobs()
  const stopped = await admin.get(answer.location as string)
  t.match(stopped.text, /中断.*还有 300 个客户没有移交/)
  t.match((await db('jobs').where({ kind: 'handover' }).first()).outcome, /王芳.*已离职/)
  await send(admin, li, { receiver_1: han })
  await app.runJobs()
  t.strictSame([await ownedBy(li), await ownedBy(han)], [0, 300])
})

t.test('of one without customers it is done at once; one of the subordinates steps in for all', async (t) => {
  const { db, admin, han, li, wang } = await world(t)
  const other = await addPerson(db, '赵六', ['sales'])
  for (const [id, superior] of [
    [li, han],
    [wang, li],
    [other, li],
  ] as const) {
    await db('users').where({ id }).update({ superior_id: superior })
    await setSuperior(db, id, superior)
  }
  await addDepartment(db, { name: '销售部', head_id: li }, actor)
  await bumpRevision(db)
  const form = { receiver_1: han, is_leaving: 'true', new_superior_id: other, new_head_id: '' }
  const { location } = await send(admin, li, form)
  const shown = await admin.get(location as string)
  t.match(shown.text, /已完成.*0 \/ 0 个客户/)
  for (const said of ['赵六 的上级改为 韩梅梅', '王芳 的上级改为 赵六']) t.match(shown.text, said)
  t.equal((await db('departments').first()).head_id, null)
  t.strictSame(await db('jobs').where({ kind: 'handover' }), [], 'without a job')
  const above = async (id: number) => (await db('users').where({ id }).first('superior_id')).superior_id
  t.strictSame([await above(other), await above(wang)], [han, other])
})

t.test('the protocol says who gave what to whom, for all to sign', { skip }, async (t) => {
  const { db, admin, han, li, wang, give } = await world(t)
  await db('users').where({ id: li }).update({ number: 'CC0104', superior_id: han })
  await give(2)
  const { location } = await send(admin, li, { receiver_1: han, receiver_2: wang }, 'even')
  const pdf = await admin.get(`${location}/protocol.pdf`)
  t.equal(pdf.headers['content-type'], 'application/pdf')
  const words = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf.raw, encoding: 'utf8' }).replace(
    /\s+/g,
    '',
  )
  for (const part of [
    '工作移交单',
    '移交人：李雷（CC0104）',
    '韩梅梅1个、王芳1个',
    '移交原因：离职交接',
    '客户0号公司',
    '客户1号公司',
    '移交人李雷签字：',
    '接收人韩梅梅签字：',
    '接收人王芳签字：',
    '监交人（上级）韩梅梅签字：',
  ])
    t.match(words, part)
  const xlsx = await admin.get(`${location}/customers.xlsx`)
  t.equal(xlsx.raw.subarray(0, 2).toString(), 'PK')
})

t.test(
  'who gives is not offered, nor anybody who may not see customers; and no account of one above is closed',
  async (t) => {
    const { app, db, admin, han, li, wang, give } = await world(t)
    await db('user_roles').where({ user_id: wang }).delete()
    await bumpRevision(db)
    const [one] = await give(1)
    const offered = (page: Awaited<ReturnType<Browser['get']>>, name: string) =>
      page.page.querySelectorAll(`select[name=${name}] option`).map(({ text }) => text.trim())
    for (const by of ['one', 'even']) {
      const names = offered(await admin.get(`/users/${li}/handover?by=${by}`), 'receiver_1')
      t.ok(names.includes('韩梅梅'), by)
      for (const name of ['李雷', '王芳']) t.notOk(names.includes(name), `${by} ${name}`)
    }
    t.match((await send(admin, li, { receiver_1: wang })).text, '王芳 的角色不能查看客户')
    t.notOk(offered(await admin.get(`/customers/${one}/transfer`), 'owner_id').includes('王芳'))
    const given = await admin.post(`/customers/${one}/transfer`, { version: 1, owner_id: wang, reason: '' })
    t.equal(given.status, 422)
    t.match(given.text, '王芳 的角色不能查看客户')

    const without = ['roles.assign', 'roles.update']
    await addPerson(db, '主管', [await everyRightWithin(db, '主管', { view: 'all', without })])
    const below = await signedIn(app, '主管')
    t.notOk((await below.get(`/users/${han}/handover`)).page.querySelector('[name=is_leaving]'))
    await send(below, han, { receiver_1: li, is_leaving: 'true' })
    t.match(await db('users').where({ id: han }).first(), { status: 'active' })
  },
)
