import { readFileSync } from 'node:fs'
import { makeChance } from './chance.ts'
import { readCompanies, type Site, words } from './companies.ts'

const [companyFile, personFile] = process.argv.slice(2)
if (!companyFile || !personFile) throw new Error('give the paths of company-names.txt and person-names.txt')

export const chance = makeChance(20261123)
const persons = readFileSync(personFile, 'utf8').trim().split('\n')
const rarePersons = persons.filter((name) => /[\u{20000}-\u{3ffff}]/u.test(name))
export const companies = shuffled(readCompanies(companyFile))

export function shuffled<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, place: chance.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

export function personName(): string {
  return chance.happens(0.01) ? chance.oneOf(rarePersons) : chance.oneOf(persons)
}

export function sexOf(name: string): 'female' | 'male' {
  return [...name].slice(1).some((character) => words.female.includes(character)) ? 'female' : 'male'
}

export function mobileNumber(): string {
  return `1${chance.oneOf([30, 31, 33, 35, 36, 37, 38, 39, 50, 51, 52, 58, 59, 77, 80, 86, 87, 88, 89])}${chance.digits(8)}`
}

export function fixedNumber({ area, digits }: Site): string {
  return `${area}-${chance.whole(2, 8)}${chance.digits(digits - 1)}`
}
