// Writes customers.json: node seeds/demo/make.ts <company-names.txt> <person-names.txt>. The same files give the same result.
import { writeFileSync } from 'node:fs'
import { companyPinyin, personPinyin } from '../../src/kernel/china/pinyin.ts'
import { shortRegionName } from '../../src/kernel/china/regions.ts'
import { dictionaries } from '../dictionaries.ts'
import {
  type Company,
  chooseSite,
  domainOf,
  isNewName,
  makeCreditCode,
  nameAt,
  otherSpelling,
  type Site,
  words,
} from './companies.ts'
import { chance, companies, fixedNumber, mobileNumber, personName, sexOf, shuffled } from './world.ts'

const customerCount = 500
const personShare = 0.05
const duplicateCount = 6
const days = 730
// Every row has every field, in this order.
const fields = [
  ...['kind', 'name', 'short_name', 'sex', 'birthday_on', 'occupation', 'legal_representative', 'address', 'postcode'],
  ...['province_code', 'city_code', 'district_code', 'region', 'phone', 'fax', 'mobile', 'email', 'website'],
  ...[
    'registered_days_ago',
    'next_contact_in_days',
    'owner',
    'level',
    'source',
    'type',
    'state',
    'industry',
    'ownership',
  ],
  ...['importance', 'credit_rating', 'bank', 'bank_account', 'credit_code', 'credit_limit_cents', 'notes', 'contacts'],
]
const industries = dictionaries.find((dictionary) => dictionary.name === 'industries')?.entries ?? []
const takenNames = new Set<string>()
const takenDomains = new Set<string>()

/** What every customer has: where, whose, how it stands, when it came. */
function standing(site: Site) {
  const level: string = chance.weighted<string>(words.levels)
  return {
    address: site.text,
    postcode: site.postcode,
    province_code: `${site.city.slice(0, 2)}0000`,
    city_code: site.city,
    district_code: site.district,
    region: words.salesRegions[site.city.slice(0, 2)],
    registered_days_ago: Math.floor(days * (1 - Math.sqrt(chance.next()))),
    next_contact_in_days: nextContact(level),
    owner: chance.weighted<string>(words.owners),
    level,
    source: chance.weighted<string>(words.sources),
    state: chance.weighted<string>(words.statesOf[level]),
    importance: chance.weighted<string>(words.importanceOf[level]),
    notes: chance.happens(0.35) ? chance.oneOf<string>(words.notes) : null,
  }
}

function nextContact(level: string): number | null {
  if (chance.happens(level === '低价值客户' ? 0.8 : 0.25)) return null
  if (chance.happens(0.16)) return -chance.whole(1, 21)
  return chance.happens(0.15) ? 0 : chance.whole(1, 45)
}

function companyCustomer(company: Company) {
  const site = chooseSite(chance)
  const name = nameAt(site, company, chance)
  if (!isNewName(name, takenNames)) return null
  const domain = domainOf(company, takenDomains)
  const phone = fixedNumber(site)
  const facts = standing(site)
  const bank = chance.oneOf<string>(words.banks)
  return {
    kind: 'company',
    name,
    short_name: company.stem + company.business,
    legal_representative: personName(),
    phone,
    fax: chance.happens(0.4) ? fixedNumber(site) : null,
    mobile: chance.happens(0.5) ? mobileNumber() : null,
    email: `${chance.oneOf(['info', 'office', 'sales', 'service'])}@${domain}`,
    website: chance.happens(0.7) ? `www.${domain}` : null,
    ...facts,
    type: chance.weighted<string>(words.types),
    industry: industries.find((industry) => industry.code === words.business[company.business])?.label,
    ownership: chance.weighted<string>(words.ownerships),
    credit_rating: chance.weighted<string>(words.ratings),
    bank: `${bank}${shortRegionName(site.cityName)}${chance.oneOf(['分行', '人民路支行', '开发区支行', '城西支行'])}`,
    bank_account: chance.whole(1, 9) + chance.digits(18),
    credit_code: makeCreditCode(site.district ?? site.city, chance),
    credit_limit_cents: chance.oneOf<number>(words.creditLimitOf[facts.level]) * 1_000_000,
    contacts: contactsOf(domain, phone, facts.level),
  }
}

function contactsOf(domain: string, phone: string, level: string) {
  const count = chance.weighted([
    [1, level === 'VIP客户' ? 1 : 5],
    [2, 4],
    [3, level === 'VIP客户' ? 5 : 1],
  ])
  const taken = new Set<string>()
  return Array.from({ length: count }, (_, i) => contact(domain, phone, i === 0, taken))
}

function contact(domain: string, phone: string, isMain: boolean, taken: Set<string>) {
  const name = personName()
  const [position, department] = chance.oneOf<[string, string]>(words.positions)
  const { full } = personPinyin(name)
  const mailbox = taken.has(full) ? `${full}${chance.digits(2)}` : full
  taken.add(full)
  const mobile = mobileNumber()
  return {
    name,
    sex: sexOf(name),
    position,
    department,
    mobile,
    office_phone: chance.happens(0.5) ? `${phone}-${chance.whole(801, 899)}` : phone,
    email: `${mailbox}@${domain}`,
    wechat: chance.happens(0.6) ? (chance.happens(0.5) ? `${full}_${chance.digits(3)}` : mobile) : null,
    is_main: isMain,
  }
}

function personCustomer() {
  const site = chooseSite(chance)
  const name = personName()
  if (!isNewName(name, takenNames)) return null
  const birthday = `${chance.whole(1962, 2001)}-${String(chance.whole(1, 12)).padStart(2, '0')}-${String(chance.whole(1, 28)).padStart(2, '0')}`
  return {
    kind: 'person',
    name,
    sex: sexOf(name),
    birthday_on: chance.happens(0.7) ? birthday : null,
    occupation: chance.oneOf<string>(words.occupations),
    mobile: mobileNumber(),
    email: `${companyPinyin(name).full}${chance.digits(3)}@mail.example`,
    ...standing(site),
    type: '最终用户',
    credit_limit_cents: 0,
    contacts: [],
  }
}

function fill<Customer>(count: number, make: () => Customer | null): Customer[] {
  const made: Customer[] = []
  while (made.length < count) {
    const customer = make()
    if (customer) made.push(customer)
  }
  return made
}

function nextCompany(): Company {
  const company = companies.pop()
  if (!company) throw new Error('the list of company names has too few usable ones')
  return company
}

function typedAgain(customer: NonNullable<ReturnType<typeof companyCustomer>>) {
  const { name, kind, phone, contacts } = customer
  const site = {
    address: customer.address,
    province_code: customer.province_code,
    city_code: customer.city_code,
    district_code: customer.district_code,
  }
  const again = { ...standing(chooseSite(chance)), ...site, postcode: customer.postcode, region: customer.region }
  return {
    kind,
    name: otherSpelling(name),
    phone,
    ...again,
    type: customer.type,
    credit_limit_cents: 0,
    contacts: contacts.slice(0, 1),
  }
}

const personCount = Math.round(customerCount * personShare)
const companyCustomers = fill(customerCount - personCount - duplicateCount, () => companyCustomer(nextCompany()))
const customers = shuffled([
  ...companyCustomers,
  ...companyCustomers.slice(0, duplicateCount).map(typedAgain),
  ...fill(personCount, personCustomer),
])
const blank = Object.fromEntries(fields.map((field) => [field, null]))
const lines = customers.map((customer) => JSON.stringify({ ...blank, ...customer }))
writeFileSync(new URL('customers.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
