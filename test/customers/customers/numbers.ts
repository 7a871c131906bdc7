import t from 'tap'
import { placeText, shortPlace } from '../../../src/customers/customers/place.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { newCodes, numbered, reserveNumbers } from '../../../src/kernel/numbers.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addMany } from './fixtures/customers.ts'

t.test('a pattern writes number and day', async (t) => {
  const written = (pattern: string, number = 7) => numbered(pattern, number, '2026-11-23')
  t.equal(written('KH{yyyy}{0000}'), 'KH20260007')
  t.equal(written('{yy}{mm}{dd}-{000}'), '261123-007')
  t.equal(written('KH{000}', 12345), 'KH12345', 'more digits than foreseen')
  t.equal(written('KH{yyyy}'), 'KH20267', 'without a place for the number it stands at the end')
  t.equal(written('{x}{0}'), '{x}7')
})

t.test('numbers are reserved once, also in parallel', async (t) => {
  const { db } = await buildTestApp(t)
  const reserve = (count: number) => db.transaction((trx) => reserveNumbers(trx, 'things', count))
  const firsts = await Promise.all([3, 1, 2, 1, 5].map(reserve))
  const numbers = firsts.flatMap((first, index) =>
    Array.from({ length: [3, 1, 2, 1, 5][index] as number }, (_, at) => first + at),
  )
  t.strictSame(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
})

t.test('made codes pass over those that were typed, in the table and in the same list', async (t) => {
  const { db } = await buildTestApp(t)
  await addMany(db, [{ code: 'KH000002' }])
  await addMany(db, [{}, { code: 'KH000004' }, {}, {}])
  t.strictSame(await db('customers').orderBy('id').pluck('code'), [
    'KH000002',
    'KH000001',
    'KH000004',
    'KH000003',
    'KH000005',
  ])
  const codes = await newCodes(db, 'customers', { count: 1200, pattern: 'KH{000000}' })
  t.equal(new Set(codes).size, 1200)
})

t.test('names are stored with the keys they are sorted and found by', async (t) => {
  const { db } = await buildTestApp(t)
  await addMany(db, [
    { name: '重庆长安(集团)A3厂' },
    { name: '单冰', kind: 'person' },
    { name: '单县制药' },
    { name: '٠☺' },
  ])
  const keys = await db('customers').orderBy('id').select('name_pinyin', 'name_initials')
  t.strictSame(
    keys.map(({ name_pinyin, name_initials }) => [name_pinyin, name_initials]),
    [
      ['chongqingchanganjituana3chang', 'cqcajta3c'],
      ['shanbing', 'sb'],
      ['shanxianzhiyao', 'sxzy'],
      ['', ''],
    ],
  )
})

t.test('a place is province and city, or the district where the city says nothing', async (t) => {
  const { db } = await buildTestApp(t)
  const reference = await referenceAt(db, await currentRevision(db))
  const place = (province_code: string | null, city_code: string | null = null, district_code: string | null = null) =>
    placeText({ province_code, city_code, district_code }, reference)
  t.equal(place('220000', '220100', '220102'), '吉林省 长春市')
  t.equal(place('110000', '110100', '110108'), '北京市 海淀区')
  t.equal(place('500000', '500200', '500230'), '重庆市 丰都县')
  t.equal(place('410000', '419000', '419001'), '河南省 济源市')
  t.equal(place('110000', '110100'), '北京市')
  t.equal(place('220000'), '吉林省')
  t.equal(place(null), '')
  t.equal(place('999999'), '')
  t.equal(shortPlace({ province_code: '220000', city_code: '220100' }, reference), '吉林 长春')
})
