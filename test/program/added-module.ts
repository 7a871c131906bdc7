import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { fieldsIn } from '../customers/customers/fixtures/customers.ts'
import { newFolder } from '../fixtures/folder.ts'
import { remoteBrowser, startServer } from '../fixtures/server.ts'

const here = fileURLToPath(new URL('../../', import.meta.url))
const parts = ['src', 'views', 'public', 'migrations', 'seeds', 'package.json']

const migration = `import type { Knex } from 'knex'
import { id, instant, long, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('vehicles', (t) => {
    id(t)
    text(t, 'plate', 40).notNullable()
    text(t, 'plate_key', 120).notNullable().unique()
    text(t, 'plate_pinyin', 200).notNullable()
    long(t, 'notes')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at')
    t.integer('version').notNullable()
  })
  await createListIndexes(knex, { table: 'vehicles', isBinned: true, order: 'plate_pinyin', sorts: ['updated_at'] })
}

export const down = (knex: Knex) => knex.schema.dropTable('vehicles')
`

const words = `export const vehicles = {
  label: '车辆',
  fields: { plate: '车牌号', notes: '备注' },
}
`

const help = `  vehicles: { title: '车辆', intro: '公司的车辆。', steps: ['新增车辆。'], hints: [] },
`

const declaration = `import type { Module } from '../kernel/modules/module.ts'
import { text } from '../texts/index.ts'
import { line, long } from '../kernel/web/fields.ts'

const { label, fields } = text.vehicles

export const vehicles: Module = {
  name: 'vehicles',
  path: '/vehicles',
  label,
  group: 'tools',
  fields: [
    { name: 'plate', label: fields.plate, kind: line, max: 20, isRequired: true, isUnique: true },
    { name: 'notes', label: fields.notes, kind: long, max: 1000 },
  ],
  title: 'plate',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'import', 'export', 'print'],
  search: ['plate', 'notes'],
  bin: true,
  files: true,
  preset: { sales: ['view'] },
}
`

/** What 「Add a module」 of CONTRIBUTING says, step by step, in a copy of the program. */
function addModule(root: string) {
  for (const part of parts) cpSync(join(here, part), join(root, part), { recursive: true })
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'))
  const write = (file: string, content: string) => writeFileSync(join(root, file), content)
  const change = (file: string, from: RegExp, to: string) => {
    const before = readFileSync(join(root, file), 'utf8')
    t.match(before, from, `${file} has a place for it`)
    write(file, before.replace(from, to))
  }
  write('migrations/20991231000000_create_vehicles.ts', migration)
  write('src/texts/zh/vehicles.ts', words)
  change('src/texts/zh/index.ts', /^/, "import { vehicles } from './vehicles.ts'\n")
  change('src/texts/zh/index.ts', /\n {2}users,\n/, '\n  users,\n  vehicles,\n')
  change('src/texts/zh/help-analysis.ts', / {2}competitors: \{/, `${help}  competitors: {`)
  write('src/office/vehicles.ts', declaration)
  change('src/modules.ts', /^/, "import { vehicles } from './office/vehicles.ts'\n")
  change('src/modules.ts', /(modules: Module\[\] = \[[^\]]*?),?\s*\]/, '$1, vehicles]')
}

t.test('a module that is added as CONTRIBUTING says is there with all that follows', async (t) => {
  const root = newFolder(t)
  addModule(root)
  const [, steps = ''] = readFileSync(join(here, 'CONTRIBUTING.md'), 'utf8').split('## Add a module\n')
  for (const named of ['migration', 'createListIndexes', 'src/texts/zh', 'help-*.ts', 'in a wing', 'src/modules.ts'])
    t.ok(steps.split('\n## ')[0]?.includes(named), `CONTRIBUTING names ${named}`)
  const lines = (text = '') => text.split('\n').filter(Boolean).length
  t.ok(lines(steps.split('\n## ')[0]) <= 12, 'twelve lines at most')
  for (const declaration of ['office/competitors.ts', 'sales/suppliers.ts'])
    t.ok(lines(readFileSync(join(here, 'src', declaration), 'utf8')) <= 80, `${declaration}: eighty at most`)
  const { address } = await startServer(t, { DATA_DIR: join(root, 'data') }, root)
  const admin = await remoteBrowser(address, 'mr', 'mrsoft')
  const own = { password_current: 'mrsoft', password: 'Vehicles2026', password_again: 'Vehicles2026' }
  t.equal((await admin.post('/profile/password', own)).status, 303)
  const made = await admin.post('/vehicles', { plate: '吉A12345', notes: '红色' })
  t.equal(made.location, '/vehicles/1', made.text.slice(0, 300))
  t.equal((await admin.post('/vehicles', { plate: '吉a12345' })).status, 422, 'stands once')
  t.match((await admin.get('/vehicles')).text, /吉A12345/)
  t.match((await admin.get('/vehicles/1')).text, /吉A12345[\s\S]*红色/)
  t.match((await admin.get('/search?q=红色')).text, /吉A12345/)
  for (const [output, type] of [
    ['/vehicles.xlsx', /sheet/],
    ['/vehicles.csv', /csv/],
    ['/vehicles/print', /html/],
    ['/vehicles/1/print.pdf', /pdf/],
    ['/vehicles/1/files', /html/],
    ['/imports/new?kind=vehicles', /html/],
    ['/help/vehicles', /html/],
    ['/roles/1', /html/],
  ] as const) {
    const answer = await admin.get(output)
    // What a busy machine draws for longer than people wait is fetched from a page of its own.
    if (output.endsWith('.pdf') && answer.status === 303) t.match(answer.location, /^\/tools\/files\/\d+$/, output)
    else t.match([answer.status, answer.headers['content-type']], [200, type], output)
  }
  t.ok((await admin.get('/jobs')).page.querySelector('nav a[href="/vehicles"]'), 'the side bar names it')
  const gone = await admin.post('/vehicles/1/deletion', fieldsIn(await admin.get('/vehicles/1/deletion')))
  t.equal(gone.location, '/vehicles')
  t.match((await admin.get('/recycle-bin/vehicles')).text, /吉A12345/)
  t.match((await admin.get('/audit-log')).text, /车辆/)
})
