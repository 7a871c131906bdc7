import { readFileSync } from 'node:fs'
import t from 'tap'
import { dictionaries } from '../../../seeds/dictionaries.ts'
import { creditCodeProblem, innerCheck } from '../../../src/kernel/china/credit-code.ts'
import { nameKeys } from '../../../src/kernel/china/name-keys.ts'
import { parsePhone, phonesIn } from '../../../src/kernel/china/phone.ts'
import { regions } from '../../../src/kernel/china/regions.ts'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../seeds/demo/${name}.json`, import.meta.url), 'utf8'))
const labelsOf = (name: string) =>
  new Set(dictionaries.find((dictionary) => dictionary.name === name)?.entries.map((entry) => entry.label))

t.test('regions: every code once, under a code of the level above', async (t) => {
  const levels = new Map(regions.map(([code, , , level]) => [code, level]))
  t.equal(levels.size, regions.length)
  t.match(
    [1, 2, 3].map((level) => regions.filter((region) => region[3] === level).length),
    [34, 342, 2974],
  )
  const misplaced = regions.filter(
    ([code, , parent, level]) => !/^\d{6}$/.test(code) || (levels.get(parent ?? '') ?? 0) !== level - 1,
  )
  t.same(misplaced, [])
})

t.test('dictionaries: names and labels are unique, at most one default', async (t) => {
  t.equal(new Set(dictionaries.map(({ name }) => name)).size, 19)
  for (const { name, entries } of dictionaries) {
    t.equal(new Set(entries.map(({ label }) => label)).size, entries.length, name)
    t.ok(entries.filter((entry) => entry.is_default).length <= 1, name)
  }
  const industries = dictionaries.find(({ name }) => name === 'industries')?.entries ?? []
  t.equal(industries.map(({ code }) => code).join(''), 'ABCDEFGHIJKLMNOPQRST')
})

t.test('demonstration people and departments fit together', async (t) => {
  const departments = read('departments').map(({ name }: { name: string }) => name)
  const people = read('people')
  t.equal(people.length, 8)
  for (const person of people) {
    t.ok(departments.includes(person.department), person.name)
    t.match(person.number, /^CC\d{4}$/)
    t.match(phonesIn(person.mobile), [{ isMobile: true }], person.mobile)
    t.ok(person.superior === null || people.some((other: { username: string }) => other.username === person.superior))
  }
})

t.test('demonstration customers are valid records', async (t) => {
  const customers = read('customers')
  const owners = new Set(read('people').map(({ username }: { username: string }) => username))
  const names = new Map(regions.map(([code, , parent]) => [code, parent]))
  const choices = {
    level: 'customer-levels',
    source: 'customer-sources',
    type: 'customer-types',
    state: 'customer-states',
    industry: 'industries',
    ownership: 'ownerships',
    importance: 'importances',
    credit_rating: 'credit-ratings',
    region: 'sales-regions',
  }
  t.equal(customers.length, 500)
  t.equal(new Set(customers.map(({ name }: { name: string }) => nameKeys(name).exact)).size, 500)
  for (const [field, dictionary] of Object.entries(choices)) {
    const labels = labelsOf(dictionary)
    const unknown = customers.filter(
      (customer: Record<string, string | null>) => customer[field] !== null && !labels.has(customer[field] ?? ''),
    )
    t.same(unknown, [], field)
  }
  const wrong = customers.filter((customer: Record<string, string>) => {
    const {
      credit_code: code = null,
      city_code: city = '',
      province_code: province,
      district_code: district = null,
    } = customer
    const isPlaced = names.get(city) === province && (district === null || names.get(district) === city)
    const isCodeRight =
      code === null ||
      (creditCodeProblem(code) === null &&
        innerCheck(code.slice(8, 16)) === code[16] &&
        `${code.slice(2, 6)}00` === city)
    return !isPlaced || !isCodeRight || !owners.has(customer.owner ?? '')
  })
  t.same(wrong, [])
})

t.test('demonstration numbers can be read, addresses are invented', async (t) => {
  const customers = read('customers')
  const records = [...customers, ...customers.flatMap(({ contacts }: { contacts: object[] }) => contacts)]
  const numbers = records
    .flatMap((record) => [record.phone, record.fax, record.mobile, record.office_phone])
    .filter(Boolean)
  t.same(
    numbers.filter((number) => !parsePhone(number).isParsed || parsePhone(number).text !== number),
    [],
  )
  t.same(
    records.filter(({ email }) => email !== null && !/^[a-z0-9]+@[a-z0-9]+\.example$/.test(email)),
    [],
  )
  const companies = customers.filter(({ kind }: { kind: string }) => kind === 'company')
  t.equal(
    companies.every(
      ({ contacts }: { contacts: { is_main: boolean }[] }) =>
        contacts.filter((contact) => contact.is_main).length === 1,
    ),
    true,
  )
})
