import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashPassword } from '../../../src/people/users/password.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { text } from '../../../src/texts/index.ts'
import { password } from '../../fixtures/app.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { backUp, type Company, company, customerNames, exchange, prepare } from './fixtures/company.ts'
import { forged, ownKey } from './fixtures/forging.ts'

const { problems, foreign, accessChanges: said } = text.backups
const { names: roleNames } = text.roles

/** A company whose 系统管理员 makes, downloads and restores backups, and gives no roles. */
async function office(t: Test) {
  const here = await company(t)
  const password_hash = await hashPassword(password, { memory: 1024, passes: 1, parallelism: 1 })
  const id = await insertUser(here.db, userRow({ username: 'xitong', name: '系统员', password_hash }))
  const { id: role_id } = await here.db('roles').where({ code: 'system_administrator' }).first('id')
  await here.db('user_roles').insert({ user_id: id, role_id })
  const keeper = await here.signIn('xitong')
  return { here, keeper: { ...here, admin: keeper }, id }
}

/** Makes everybody an administrator. */
const seize = (id: number) => (sqlite: { exec(sql: string): unknown }) =>
  sqlite.exec(
    `insert into user_roles (user_id, role_id) select ${id}, id from roles where code = 'administrator'; delete from events where action = 'backup'`,
  )

const offer = (one: Company, file: string) =>
  upload(one.admin, '/maintenance/backups/uploads', readFileSync(file), 'kehu.zip')

const uploadedIn = (one: Company) => one.names().filter((name) => name.includes('uploaded'))

t.test('what was changed under its seal, or had it taken off, is refused at the door', async (t) => {
  const { here, keeper, id } = await office(t)
  const name = await backUp(keeper)
  const forgeries = {
    'a database that was changed, under a seal that was copied': { change: seize(id), seal: () => sealOf },
    'a manifest that was changed, under a seal that was copied': {
      describe: () => ({ createdBy: '别人' }),
      seal: () => sealOf,
    },
    'a seal that was taken off': { change: seize(id) },
    'a seal that says nothing': { change: seize(id), seal: () => `${here.app.secrets.keyIds[0]}:` },
  }
  const sealOf = sealIn(readFileSync(join(here.folder, 'backups', name)))
  for (const [what, forging] of Object.entries(forgeries)) {
    const answer = await offer(keeper, await forged(here, name, forging))
    t.equal(answer.status, 422, what)
    t.match(answer.text, problems.forged, what)
  }
  t.strictSame(uploadedIn(here), [])
  t.equal(
    (await offer(keeper, await forged(here, name, { seal: () => sealOf, describe: (m) => m }))).status,
    303,
    'as it was',
  )
})

/** The seal stands in the zip as it is. */
function sealIn(zip: Buffer): string {
  const [, seal = ''] = /manifest\.seal([0-9a-f]{8}:[\w-]{43})/.exec(zip.toString('latin1')) ?? []
  return seal
}

t.test(
  'a backup made elsewhere is restored by those only who give roles, after they saw what it changes',
  async (t) => {
    const { here, keeper, id } = await office(t)
    const name = await backUp(keeper)
    const forgeries = {
      elsewhere: { change: seize(id), seal: ownKey(here.folder) },
      unsealed: { change: seize(id), describe: () => ({ formatVersion: 1 }) },
    } as const
    for (const [origin, forging] of Object.entries(forgeries)) {
      const before = new Set(uploadedIn(here))
      const taken = await offer(keeper, await forged(here, name, forging))
      t.equal(taken.status, 303)
      const uploaded = uploadedIn(here).find((one) => !before.has(one)) as string
      const sentence = foreign.refused(text.backups.origins[origin as 'elsewhere'])
      const page = await keeper.admin.get(`/maintenance/backups/${uploaded}/restoration`)
      t.match(page.text, sentence)
      t.notOk(page.page.querySelector('form[action$="/restoration"]'), 'and nothing to press')
      const refused = await keeper.admin.post(`/maintenance/backups/${uploaded}/restoration`)
      t.equal(refused.status, 403, origin)
      t.match(refused.text, sentence)
      const { look } = await prepare(here, uploaded, { without_key: 'true' })
      const shown = await here.admin.get(look)
      t.match(shown.text, foreign.warning(text.backups.origins[origin as 'elsewhere']))
      t.match(shown.text, `系统员（xitong）：增加 ${roleNames.administrator}`)
      const other = await keeper.admin.get(look)
      t.match(other.text, sentence, 'one who prepared it lends his right to nobody')
      t.notOk(other.page.querySelector('button.danger'))
      t.equal((await keeper.admin.post(look)).status, 403)
    }
    t.equal((await here.db('user_roles').where({ user_id: id })).length, 1)
    const { look } = await prepare(here, uploadedIn(here)[0] as string, { without_key: 'true' })
    t.equal((await exchange(here, look)).status, 303)
    t.equal((await here.db('user_roles').where({ user_id: id })).length, 2, 'whoever gives roles may')
  },
)

t.test('an own backup is no way back to rights that were taken away', async (t) => {
  const { here, keeper, id } = await office(t)
  const rights = await here.db('user_roles').where({ user_id: id }).first()
  const { id: role_id } = await here.db('roles').where({ code: 'administrator' }).first('id')
  await here.db('user_roles').insert({ user_id: id, role_id })
  const name = await backUp(here)
  await here.db('user_roles').where({ user_id: id, role_id }).delete()
  t.ok(rights)
  await here.db('revisions').update({ number: 1_000 })
  const { look } = await prepare(keeper, name)
  const page = await keeper.admin.get(look)
  t.match(page.text, /还原后您自己会多出这些权限：.*客户/)
  t.equal((await keeper.admin.post(look)).status, 403)
  const same = await prepare(keeper, await backUp(here))
  t.match((await keeper.admin.get(same.look)).text, said.none)
  const masked = await here.db('roles').where({ code: 'user' }).first('id', 'name')
  await here.db('role_masks').insert({ role_id: masked.id, field_group: 'bank' })
  t.match(
    (await keeper.admin.get((await prepare(keeper, name)).look)).text,
    text.common.pair(masked.name, said.limits),
    'one thing more or less that a role hides is said',
  )
  await here.db('role_masks').where({ role_id: masked.id, field_group: 'bank' }).delete()
  t.equal((await exchange(keeper, same.look)).status, 303, 'one that gives him nothing he restores')
  t.strictSame(await customerNames(here), [])
})

t.test('a backup that another key of the key file sealed was not made here', async (t) => {
  const { here, keeper } = await office(t)
  const name = await backUp(keeper)
  const file = await forged(here, name, { seal: ownKey(here.folder) })
  const his = readFileSync(join(here.folder, 'his.key'), 'utf8')
  const { appendFileSync } = await import('node:fs')
  appendFileSync(here.config.secretKeyFile, his)
  t.equal((await offer(keeper, file)).status, 303)
  const refused = await keeper.admin.post(`/maintenance/backups/${uploadedIn(here)[0]}/restoration`)
  t.match(refused.text, foreign.refused(text.backups.origins.elsewhere))
})

t.test('what says of itself what makes no sense is refused at the door, whoever sealed it', async (t) => {
  const { here } = await office(t)
  const name = await backUp(here)
  const senseless = [
    { company: 7 },
    { migrations: 7 },
    { keys: [7] },
    { counts: null },
    { counts: { customers: -1 } },
    { files: [{ path: 'kehu.db', bytes: 1, sha256: 'x' }] },
    { serverFile: 7 },
  ]
  for (const said of senseless) {
    const forging = { describe: () => said as never, seal: ownKey(here.folder) }
    const answer = await offer(here, await forged(here, name, forging))
    t.equal(answer.status, 422, JSON.stringify(said))
  }
  t.strictSame(uploadedIn(here), [])
})

t.test('a backup that does not hold what it says is not prepared', async (t) => {
  const { here } = await office(t)
  const name = await backUp(here)
  const forgeries = {
    'fewer customers than it counts': { describe: ({ counts }) => ({ counts: { ...counts, customers: 9 } }) },
    'a row that points at none': {
      change: (sqlite) =>
        sqlite.exec('pragma foreign_keys = off; insert into user_roles (user_id, role_id) values (999, 999)'),
    },
  } satisfies Record<string, Parameters<typeof forged>[2]>
  for (const [what, forging] of Object.entries(forgeries)) {
    const before = new Set(uploadedIn(here))
    t.equal((await offer(here, await forged(here, name, { ...forging, seal: ownKey(here.folder) }))).status, 303)
    const uploaded = uploadedIn(here).find((one) => !before.has(one)) as string
    const { said, look } = await prepare(here, uploaded, { without_key: 'true' })
    t.match(said, problems.damaged, what)
    t.equal(look, '')
  }
})
