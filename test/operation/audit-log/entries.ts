import t from 'tap'
import { kindLabel } from '../../../src/operation/audit-log/kinds.ts'
import { text } from '../../../src/texts/index.ts'
import { create, fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp, password } from '../../fixtures/app.ts'
import { collectRoutes } from '../../fixtures/routes.ts'
import { addressOf, fillWorld } from '../../fixtures/world.ts'
import { picture, upload as uploadFile } from '../../kernel/files/fixtures/upload.ts'
import { check, take } from '../imports/fixtures/upload.ts'

const routes = collectRoutes()
const { app, db, as, anyone } = await buildTestApp(t)
const admin = await as('韩梅梅')

type Event = { action: string; record_type?: string | null; record_name?: unknown; user_name?: string }

/** What was written while something was done, each entry with the fields it names. */
async function during(act: () => Promise<unknown>) {
  const before = (await db('events').max({ id: 'id' }).first())?.id ?? 0
  await act()
  const events = await db('events').where('id', '>', before).orderBy('id')
  return events.map(({ changes, ...event }) => ({
    ...event,
    fields: JSON.parse(changes ?? '[]').map(({ field }: { field: string }) => field),
    changes: JSON.parse(changes ?? '[]'),
  }))
}

const formAt = async (path: string) => fieldsIn(await admin.get(path))
const saved = async (path: string, more: Record<string, string>, to = path.replace(/\/edit$/, '')) => {
  const { status, text } = await admin.post(to, { ...(await formAt(path)), ...more })
  if (status !== 303) throw new Error(`${to} answered ${status}: ${text}`)
}

const ids: Record<string, number> = {}
const customer = () => `/customers/${ids.customer}`

/** The main acts in their order, and what the log must say of each; `*` stands for whatever else. */
const acts: [string, () => Promise<unknown>, ...(Event & { fields?: string[] })[]][] = [
  [
    'a wrong password',
    () => anyone.post('/login', { username: '李雷', password: 'wrong' }),
    { action: 'sign-in-failed', user_name: '李雷' },
  ],
  [
    'signing in and out',
    async () => {
      const one = await as('李雷')
      await one.post('/logout')
    },
    { action: 'sign-in', user_name: '李雷' },
    { action: 'sign-out', user_name: '李雷' },
  ],
  [
    'a new customer',
    async () => {
      ids.customer = await create(admin, { phone: '0431-84978981' })
    },
    { action: 'create', record_type: 'customers' },
  ],
  [
    'a change',
    () => saved(`${customer()}/edit`, { phone: '0431-11111111', bank: '工商银行' }),
    { action: 'update', record_type: 'customers', fields: ['phone', 'bank'] },
  ],
  ['a print', () => admin.get(`${customer()}/print`), { action: 'print', record_type: 'customers' }],
  ['a printed list', () => admin.get('/customers/print'), { action: 'print', record_type: 'customers' }],
  [
    'an export with its count',
    () => admin.get('/customers.xlsx'),
    { action: 'export', record_type: 'customers', record_name: /^1 客户资料\.xlsx$/ },
  ],
  ['a report', () => admin.get('/analysis/customer-levels.pdf'), { action: 'print', record_type: 'analysis' }],
  [
    'a file',
    async () => uploadFile(admin, `${customer()}/files`, await picture('png'), '合同.png'),
    { action: 'upload', record_type: 'customers', fields: ['file'] },
  ],
  [
    'a file that goes',
    async () => admin.post(`${customer()}/files/${(await db('files').first('id')).id}/deletion`, { version: 1 }),
    { action: 'remove-file', record_type: 'customers', fields: ['file'] },
  ],
  [
    'into the recycle bin, out of it, in again, and gone for good',
    async () => {
      await saved(`${customer()}/deletion`, {})
      await saved(`/recycle-bin${customer()}/restoration`, {})
      await saved(`${customer()}/deletion`, {})
      await saved(`/recycle-bin${customer()}/purge`, {})
    },
    ...['delete', 'restore', 'delete', 'purge'].map((action) => ({ action, record_type: 'customers' })),
  ],
  [
    'an import: the file, each job, what was taken',
    async () => {
      const { location } = await check(
        admin,
        ['客户名称', '电子邮箱'],
        [
          ['甲公司', ''],
          ['乙公司', 'nobody'],
        ],
      )
      ids.import = Number(location.split('/').at(-1))
      await take(admin, location)
    },
    { action: 'upload', record_type: 'imports' },
    { action: 'start', record_type: 'jobs' },
    { action: 'start', record_type: 'jobs' },
    { action: 'create', record_type: 'customers' },
    { action: 'import', record_type: 'imports', record_name: /^1 / },
  ],
  [
    'the wrong rows, taken out',
    () => admin.get(`/imports/${ids.import}/wrong-rows.xlsx`),
    { action: 'export', record_type: 'imports', record_name: /^1 / },
  ],
  [
    'an import taken back',
    async () => {
      await admin.post(`/imports/${ids.import}/undo`)
      await app.runJobs()
    },
    { action: 'start', record_type: 'jobs' },
    { action: 'purge', record_type: 'customers' },
    { action: 'undo', record_type: 'imports' },
  ],
  [
    'a setting',
    () => saved('/settings', { companyName: '明日科技' }),
    { action: 'update', record_type: 'settings', fields: ['companyName'] },
  ],
  [
    'an entry of a dictionary',
    () => saved('/dictionaries/customer-levels/new', { label: '战略客户' }, '/dictionaries/customer-levels'),
    { action: 'create', record_type: 'dictionary_entries' },
  ],
  [
    'a view of a list, and its change',
    async () => {
      await admin.post('/list-views', { list: '/customers', query: 'per=20', name: '甲', form_id: 'form-000001' })
      const { id } = await db('list_views').first('id')
      await saved(`/list-views/${id}/edit`, { name: '乙' })
    },
    { action: 'create', record_type: 'list_views' },
    { action: 'update', record_type: 'list_views', fields: ['name'] },
  ],
  [
    "another's password",
    async () => {
      const { id } = await db('users').where({ username: '王芳' }).first('id')
      const fresh = { password: 'Another good 1', password_again: 'Another good 1' }
      await saved(`/users/${id}/password-reset`, fresh)
    },
    { action: 'password-reset', record_type: 'users', record_name: '王芳' },
  ],
  [
    'one who leaves',
    async () => {
      const { id } = await db('users').where({ username: '王芳' }).first('id')
      await admin.post(`/users/${id}/closure`)
    },
    { action: 'update', record_type: 'users', record_name: '王芳', fields: ['status'] },
  ],
  ['the log itself, taken out', () => admin.get('/audit-log.csv'), { action: 'export', record_type: 'events' }],
]

t.test('the main acts leave what they must in the log', async (t) => {
  for (const [what, act, ...expected] of acts) {
    const written = await during(act)
    t.match(written, expected, what)
    t.equal(written.length, expected.length, `${what}: nothing else`)
    for (const event of written) {
      t.ok(event.user_name && event.address === '127.0.0.1', `${what}: who and from where`)
      for (const change of event.changes) t.ok('after' in change || 'before' in change, `${what}: ${change.field}`)
    }
  }
  t.notOk(JSON.stringify(await db('events')).includes(password), 'no password')
})

/** Forms that change nothing that others would see, or that had nothing to do here. */
const leavesNothing =
  /^\/(login|logout|profile$|desk\/hints|(todos|memos)\/:id\/reopening|tools\/notes|list-preferences|imports\/:id\/(kind|source)|\w+\/selections$|\w+\/selections\/:id\/changes|.*\/:id\/position$|profile\/(options|second-factor\/recovery-codes)$|users\/:id\/access$)/

t.test('no form that was taken leaves the log as it was, and every entry has its names', async (t) => {
  await app.ready()
  await fillWorld(db)
  const me = await db('users').where({ username: '韩梅梅' }).first('id')
  /** Whether the person was told that there was nothing to do. */
  const isWarned = async () => {
    const flashes: (string | null)[] = await db('sessions').where({ user_id: me.id }).pluck('flash')
    await db('sessions').where({ user_id: me.id }).update({ flash: null })
    return flashes.some((flash) => flash?.includes('"warning"'))
  }
  const left: string[] = []
  let taken = 0
  for (const { method, url } of routes) {
    if (method !== 'POST' || leavesNothing.test(url)) continue
    const path = await addressOf(db, url, me.id, app.config.dataDir)
    let isTaken = false
    const written = await during(async () => {
      isTaken = (await admin.post(path, { version: '1' })).status === 303
    })
    if (!isTaken || (await isWarned())) continue
    taken++
    if (written.length === 0) left.push(url)
  }
  t.ok(taken > 10, `${taken} forms were taken`)
  t.strictSame(left, [])
  const kinds: string[] = await db('events').whereNotNull('record_type').groupBy('record_type').pluck('record_type')
  const actions: string[] = await db('events').groupBy('action').pluck('action')
  t.strictSame(
    kinds.filter((kind) => kindLabel(kind) === kind),
    [],
    'src/texts/zh/audit-log.ts or a declaration names every kind of record',
  )
  t.strictSame(
    actions.filter((action) => !(action in text.actions)),
    [],
    'src/texts/zh/kernel.ts names every action',
  )
})
