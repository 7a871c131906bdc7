import { regions } from '../src/kernel/china/regions.ts'
import type { SpelledName } from './names.ts'
import type { Random } from './random.ts'

/** The ids a customer may have in each column that points to another table; the first ones are the most frequent. */
export type Choices = Record<keyof typeof usualChoices, number[]>

export type Seedling = {
  id: number
  company: SpelledName
  person: string
  day: number
  choices: Choices
  random: Random
}

export const usualChoices = {
  owner_id: upTo(50),
  level_id: upTo(7),
  source_id: upTo(11),
  type_id: upTo(6),
  status_id: upTo(6),
  industry_id: upTo(20),
  ownership_id: upTo(8),
  importance_id: upTo(5),
  credit_rating_id: upTo(5),
  region_id: upTo(7),
}

const dayLength = 86_400_000
const districts = regions.filter(([, , , level]) => level === 3)
const cityParents = new Map(regions.map(([code, , parent]) => [code, parent]))

/** A row for the table customers, with every column; `day` is the instant around which it was registered. */
export function customerRow({ id, company, person, day, choices, random }: Seedling) {
  const registered = day - random.below(20) * dayLength
  const registeredAt = new Date(registered).toISOString()
  return {
    id,
    code: `KH${String(id).padStart(6, '0')}`,
    name: company.name,
    short_name: random.chance(0.6) ? company.name.slice(2, 6) : null,
    name_pinyin: company.full,
    name_initials: company.initials,
    kind: random.chance(0.02) ? 'person' : 'company',
    legal_representative: person,
    ...place(random),
    ...phones(random),
    email: random.chance(0.4) ? `office@company${id}.example` : null,
    website: random.chance(0.2) ? `https://www.company${id}.example` : null,
    registered_on: registeredAt.slice(0, 10),
    next_contact_on: random.chance(0.3) ? dayOf(registered + random.below(60) * dayLength) : null,
    ...chosenIds(choices, random),
    bank: random.chance(0.3) ? '中国工商银行' : null,
    bank_account: random.chance(0.3) ? random.digits(12) : null,
    credit_code: null,
    credit_limit_cents: random.chance(0.2) ? random.below(100) * 1_000_000 : 0,
    points: random.below(100),
    notes: random.chance(0.2) ? '由展会名录导入，待核实' : null,
    ...noPerson,
    created_at: registeredAt,
    updated_at: registeredAt,
    deleted_at: null,
    version: 1,
  }
}

const noPerson = { sex: null, birthday_on: null, occupation: null, identity_number: null }

function chosenIds(choices: Choices, random: Random) {
  const ids = Object.entries(choices).map(([column, list]) => [column, list[random.skewed(list.length) - 1]])
  return Object.fromEntries(ids) as Record<keyof Choices, number>
}

function phones(random: Random) {
  const fixed = `0431-8${random.digits(7)}`
  return {
    phone: fixed,
    phone2: null,
    fax: random.chance(0.2) ? fixed : null,
    mobile: random.chance(0.5) ? `1${3 + random.below(7)}${random.digits(9)}` : null,
  }
}

function place(random: Random) {
  const [district, , city] = districts[random.skewed(districts.length) - 1] as (typeof districts)[number]
  return {
    address: `人民大街${1 + random.below(9999)}号`,
    postcode: random.digits(6),
    province_code: cityParents.get(city ?? '') ?? null,
    city_code: city,
    district_code: district,
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
