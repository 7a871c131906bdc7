import '../../../src/modules.ts'
import t from 'tap'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { countAnew } from '../../../src/kernel/db/tallies.ts'
import { indexesOf } from '../../../src/kernel/modules/indexes.ts'
import { listOf } from '../../../src/kernel/modules/list.ts'
import { indexRecords } from '../../../src/kernel/modules/search-text.ts'
import { reindexTexts } from '../../../src/kernel/modules/text-index.ts'
import { type Reference, referenceAt } from '../../../src/kernel/reference.ts'
import type { ListQuery, Row } from '../../../src/kernel/web/list.ts'
import { listPage } from '../../../src/kernel/web/list-page.ts'
import { isSortable, parametersIn, readListQuery } from '../../../src/kernel/web/list-query.ts'
import { walk } from '../../../src/kernel/web/row-stream.ts'
import type { Scope, Viewer } from '../../../src/kernel/web/viewer.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { insertUser, userRow } from '../../../src/people/users/user-row.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'

declareFor(t, [equipment, repairs])

type Machine = Row & { name: string; level_id: number | null; owner_id: number; bought_on: string | null }

const count = 10_600
const now = '2026-05-04T00:00:00.000Z'

/** More machines than a list counts, of forty people; level and day go together, one level is rare. */
async function makeWorld() {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  await presetInstallation(db, null)
  await makeTables(db)
  const people: number[] = []
  for (let at = 0; at < 40; at++)
    people.push(
      await insertUser(db, userRow({ username: `p${at}`, name: `${'甲乙丙丁'[at % 4]}${at}`, password_hash: '-' })),
    )
  const levels: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('id')
  const machines = Array.from({ length: count }, (_, at) => {
    const name = `${at % 100 ? '车床' : '铣床'}${String((at * 7919) % count).padStart(5, '0')}`
    const day = `20${20 + Math.floor(at / 2000)}-0${1 + (at % 9)}-1${at % 7}`
    const level = at % 1000 === 3 ? levels[2] : at % 5 === 0 ? null : levels[at < 6000 ? 0 : 1]
    return {
      id: at + 1,
      name,
      name_key: name,
      name_pinyin: `${at % 100 ? 'chechuang' : 'xichuang'}${name.slice(2)}`,
      keeper_phone: at % 3 ? null : `139440${String(at % 5000).padStart(5, '0')}`,
      level_id: level ?? null,
      bought_on: at % 11 ? day : null,
      price: at % 4 ? at * 3 : null,
      is_insured: false,
      owner_id: people[at % 1000 < 8 ? 0 : at % 40] as number,
      created_at: now,
      updated_at: now,
      deleted_at: at % 500 === 7 ? now : null,
      version: 1,
    }
  })
  await db.transaction(async (trx) => {
    await insertAll(trx, 'equipment', machines)
    await reindexTexts(trx, equipment)
    await indexRecords(
      trx,
      equipment,
      machines.filter(({ deleted_at }) => !deleted_at),
    )
  })
  await countAnew(db, 'equipment', indexesOf(equipment).choices ?? [], () => db('equipment').whereNull('deleted_at'))
  const living = machines.filter(({ deleted_at }) => !deleted_at) as unknown as Machine[]
  const reaching = (reach: Scope): Viewer => ({ ...everybody, scope: () => reach })
  const viewers = {
    everybody,
    manager: reaching(new Set(people.slice(0, 30))),
    few: reaching(new Set(people.slice(3, 6))),
    one: reaching(new Set(people.slice(0, 1))),
    nobody: reaching(new Set()),
  }
  return { db, living, people, levels, viewers, reference: await referenceAt(db, 1) }
}

const world = makeWorld()

/** What the address asks for, worked out the long way. */
function expected(living: Machine[], { viewer, filters, q, conditions = [] }: ListQuery): Machine[] {
  const reach = viewer.scope('equipment.view')
  return living.filter(
    (machine) =>
      (reach === 'all' || reach.has(machine.owner_id)) &&
      (!filters.level_id || machine.level_id === Number(filters.level_id)) &&
      (!filters.owner_id || machine.owner_id === Number(filters.owner_id)) &&
      (!filters.bought_on_from || (machine.bought_on ?? '') >= filters.bought_on_from) &&
      (!filters.bought_on_to || (machine.bought_on !== null && machine.bought_on <= filters.bought_on_to)) &&
      machine.name.includes(q) &&
      conditions.every(({ field, operator, values }) =>
        operator === 'contains'
          ? String(machine[field.name] ?? '').includes(String(values[0]))
          : operator === 'empty'
            ? machine[field.name] === null
            : values.includes(machine[field.name]),
      ),
  )
}

/** In the order that is asked for; what is found comes newest first. */
function inOrder(machines: Machine[], { sort, q }: ListQuery, reference: Reference): Machine[] {
  const place = (options: string[], value: unknown) => (value === null ? -1 : options.indexOf(String(value)))
  const keyOf = (name: string) => {
    const field = equipment.fields.find((one) => one.name === name)
    const options = field?.options?.(reference).map(({ value }) => value)
    if (options) return (machine: Machine) => place(options, machine[name])
    return (machine: Machine) => (name === 'name' ? machine.name_pinyin : machine[name]) ?? ''
  }
  const usual = q
    ? machines.toSorted((a, b) => b.id - a.id)
    : machines.toSorted((a, b) => (String(a.name_pinyin) < String(b.name_pinyin) ? -1 : 1))
  if (!sort) return usual
  const value = keyOf(sort.column.name)
  const isPart = Boolean(sort.column.parts)
  const turn = sort.isDescending ? -1 : 1
  const compare = (a: Machine, b: Machine) => {
    const [one, other] = [value(a), value(b)] as [string, string]
    return one === other ? (isPart ? 0 : turn * (a.id - b.id)) : one < other ? -turn : turn
  }
  return usual.toSorted(compare)
}

t.test(
  'a list of more than is counted is right in each order, of each filter, for each reach, on each page',
  async (t) => {
    const { db, living, people, levels, viewers, reference } = await world
    const list = listOf(equipment)
    const sorts = ['', 'name', 'keeper_phone', 'level_id', 'bought_on', 'price', 'owner_id', 'updated_at']
    const filters = [
      '',
      `level_id=${levels[0]}`,
      `level_id=${levels[2]}`,
      `level_id=${levels[3]}`,
      `owner_id=${people[0]}`,
      'bought_on_from=2021-02-01',
      'bought_on_from=2022-02-01&bought_on_to=2022-02-28',
      `level_id=${levels[1]}&bought_on_to=2023-03-01`,
      `level_id=${levels[0]}&owner_id=${people[5]}`,
      'f=level_id:empty',
      `f=level_id:in:${levels[0]},${levels[2]}`,
      'f=name:contains:铣床',
      'f=name:contains:车床',
      'f=name:contains:车床&f=keeper_phone:contains:4000',
      `level_id=${levels[1]}&f=name:contains:床`,
      `level_id=${levels[0]}&f=name:contains:床0`,
      'q=铣床',
      'q=车床',
      'q=床',
      `q=车床&level_id=${levels[1]}`,
    ]
    let looked = 0
    for (const [who, viewer] of Object.entries(viewers))
      for (const filter of filters)
        for (const sort of sorts.flatMap((name) => (name ? [`sort=${name}`, `sort=-${name}`] : ['']))) {
          // Each order with no filter, and each filter with some orders.
          if (filter && looked++ % 9) continue
          const asked = (page: number) =>
            readListQuery(list, parametersIn(`${filter}&${sort}&page=${page}`), { reference, viewer })
          const whole = inOrder(expected(living, asked(1)), asked(1), reference)
          for (const page of [1, 2, 999_999]) {
            const found = await listPage(db, list, asked(page))
            const said = `${who} ${filter} ${sort} ${page}`
            if (found.isCapped)
              t.ok(found.total <= whole.length && found.total >= found.rows.length, `${said}: the total`)
            else t.equal(found.total, whole.length, `${said}: the total`)
            const { per } = asked(page)
            const from = (found.page - 1) * per
            t.same(
              found.rows.map(({ id }) => id),
              whole.slice(from, Math.min(from + per, found.isCapped ? from + per : whole.length)).map(({ id }) => id),
              said,
            )
            if (page === 1) t.equal(found.page, 1)
          }
        }
  },
)

const onlySqlite = process.env.TEST_DATABASE_URL ? 'SQL Server looks at the rows' : false
t.test('a part of a text is looked for in its index, whatever order is asked for', { skip: onlySqlite }, async (t) => {
  const { db, reference, viewers } = await world
  const list = listOf(equipment)
  const seen: string[] = []
  db.on('query', ({ sql }) => seen.push(sql))
  for (const part of [
    'name:contains:铣床00',
    'name:contains:车',
    'keeper_phone:is:13944000012',
    'note:contains:（急）',
  ])
    for (const sort of ['', '-updated_at']) {
      seen.length = 0
      const query = readListQuery(list, { f: part, sort }, { reference, viewer: viewers.everybody })
      await listPage(db, list, query)
      t.match(seen[0], /equipment_text_search/, part)
      t.notOk(
        seen.some((sql) => /limit \? offset \?\) order by/.test(sql)),
        'no windows',
      )
      t.ok(seen.length <= 5, `${seen.length} queries`)
    }
})

t.test('a file has every row once, in the order in parts too', async (t) => {
  const { db, living, people, levels, viewers, reference } = await world
  const list = listOf(equipment)
  for (const [who, address] of [
    ['everybody', ''],
    ['manager', `level_id=${levels[0]}`],
    ['manager', `level_id=${levels[0]}&sort=-bought_on`],
    ['few', 'bought_on_from=2021-02-01&sort=price'],
    ['one', 'sort=keeper_phone'],
    ['nobody', 'sort=keeper_phone'],
    ['everybody', 'q=铣床&sort=-price'],
    ['manager', `level_id=${levels[0]}&sort=-owner_id`],
    ['everybody', `owner_id=${people[2]}&sort=level_id`],
    ['few', 'f=name:contains:床0&sort=level_id'],
  ] as const) {
    const query = readListQuery(list, parametersIn(address), { reference, viewer: viewers[who] })
    const ids: number[] = []
    for await (const row of walk(db, list, query)) ids.push(row.id)
    t.same(
      ids,
      inOrder(expected(living, query), query, reference).map(({ id }) => id),
      address,
    )
  }
})

t.test('of many hits that hang on records of others, a page is full of one’s own', async (t) => {
  const { db, living, viewers, people, reference } = await world
  const rows = living.slice(0, 6_000).map(({ id }) => ({
    id,
    subject: `换油${id}`,
    subject_pinyin: `huanyou${id}`,
    equipment_id: id,
    created_at: now,
    updated_at: now,
    version: 1,
  }))
  await db.transaction(async (trx) => {
    await insertAll(trx, 'repairs', rows)
    await indexRecords(trx, repairs, rows)
  })
  const viewer: Viewer = { ...viewers.everybody, scope: () => new Set([people[5] as number]) }
  const query = readListQuery(listOf(repairs), { q: '换油', per: '10' }, { reference, viewer })
  const found = await listPage(db, listOf(repairs), query)
  const own = living.filter(({ id, owner_id }) => id <= (rows.at(-1)?.id ?? 0) && owner_id === people[5])
  t.same(
    found.rows.map(({ id }) => id),
    own
      .map(({ id }) => id)
      .sort((a, b) => b - a)
      .slice(0, 10),
  )
  t.ok(found.total <= own.length, 'nor is it told how many others have')
})

t.test('who must not read a field does not sort by it', async (t) => {
  const { db, viewers, reference } = await world
  const list = listOf(equipment)
  const masked: Viewer = { ...viewers.everybody, isMasked: (group) => group === 'phone' }
  const [plain, asked] = ['', 'sort=keeper_phone'].map((address) =>
    readListQuery(list, parametersIn(address), { reference, viewer: masked }),
  ) as [ListQuery, ListQuery]
  t.equal(asked.sort, null)
  const kept = {
    sort: { column: list.columns.find(({ name }) => name === 'keeper_phone') as never, isDescending: false },
  }
  t.equal(
    readListQuery(list, {}, { reference, viewer: masked, kept: { ...kept, per: null } }).sort,
    null,
    'nor by habit',
  )
  t.same(await listPage(db, list, asked), await listPage(db, list, plain))
  const sortable = (viewer: Viewer) =>
    list.columns.filter((column) => isSortable(column, viewer)).map(({ name }) => name)
  t.same(
    sortable(masked),
    sortable(viewers.everybody).filter((name) => name !== 'keeper_phone'),
  )
  t.ok(sortable(viewers.everybody).includes('keeper_phone'))
})
