import { customerRow, usualChoices } from './customer.ts'
import { companyNames, readNames } from './names.ts'
import { randomFrom } from './random.ts'

export type GeneratedCustomer = ReturnType<typeof customerRow>

/** A customer and the name of its main contact. */
export type GeneratedRow = { customer: GeneratedCustomer; contact: string }

const companiesFile = new URL('../seeds/names/companies.txt', import.meta.url)
const personsFile = new URL('../seeds/names/persons.txt', import.meta.url)
const lastDay = Date.UTC(2026, 10, 20)
const fiveYears = 5 * 365

/**
 * Customers 1 to `count` in the order of their ids and, roughly, of their days within five years; the same ones each
 * time. Names come from files with one name to a line; beyond their end they go on as branches. `choices` names the
 * ids that owners and dictionary entries have.
 */
export function* generateRows(
  count: number,
  { companies = companiesFile as string | URL, persons = personsFile as string | URL, choices = usualChoices } = {},
): Generator<GeneratedRow> {
  const companyAt = companyNames(readNames(companies))
  const people = readNames(persons)
  for (let index = 0; index < count; index++) {
    const random = randomFrom(index)
    const person = () => people[random.below(people.length)] as string
    const day = lastDay - Math.floor((1 - index / count) * fiveYears) * 86_400_000
    const seedling = { id: index + 1, company: companyAt(index), person: person(), day, choices, random }
    yield { customer: customerRow(seedling), contact: person() }
  }
}
