import { isNamelessCity, shortRegionName } from '../../kernel/china/regions.ts'
import type { Division, Reference } from '../../kernel/reference.ts'
import { optionViews } from '../../kernel/web/field-view.ts'
import { type Body, type FieldError, fieldError, typedIn, type Values } from '../../kernel/web/form.ts'
import type { Option } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'

type Column = 'province_code' | 'city_code' | 'district_code'
type Chosen = Partial<Record<Column, string | null>>

const columns: Column[] = ['province_code', 'city_code', 'district_code']
const { divisionFields: labels, divisionRefresh, divisionOutside, divisionUnknown } = text.dictionaries

/**
 * The divisions that can be chosen at a level (1 province, 2 city, 3 district) below what is chosen above it. Nameless
 * cities are not offered, but their districts are as soon as the province is chosen.
 */
export function divisionOptions(reference: Reference, level: number, chosen: Chosen): Option[] {
  return divisionsFor(reference, level, chosen).map(({ code, name, is_active }) => ({
    value: code,
    label: name,
    isActive: is_active,
  }))
}

function divisionsFor(reference: Reference, level: number, { province_code, city_code }: Chosen): Division[] {
  if (level === 1) return reference.divisionsBelow(null)
  if (level === 3 && city_code) return reference.divisionsBelow(city_code)
  const cities = province_code ? reference.divisionsBelow(province_code) : []
  const nameless = cities.filter(({ code }) => isNamelessCity(code))
  if (level === 2) return cities.filter((city) => !nameless.includes(city))
  return nameless.flatMap(({ code }) => reference.divisionsBelow(code))
}

/**
 * What the fields of a form with province, city and district need beyond their declaration: the options below what is
 * chosen, and the button that asks for the next ones (views/shared/_divisions.eta). Nothing for any other field.
 */
export function divisionViews(name: string, typed: Body, reference: Reference) {
  const level = columns.indexOf(name as Column) + 1
  if (level === 0) return {}
  const chosen = fitting(typed, reference)
  const value = chosen[name as Column] ?? ''
  const [next, ...others] = columns.slice(level)
  return {
    value,
    options: optionViews(divisionOptions(reference, level, chosen), value),
    refresh: next && { label: divisionRefresh[name as keyof typeof divisionRefresh], next, others },
  }
}

/** What was chosen, without what does not lie below the new choice above it. */
function fitting(typed: Body, reference: Reference): Chosen {
  const chosen: Chosen = {}
  for (const [index, column] of columns.entries()) {
    const options = divisionOptions(reference, index + 1, chosen)
    const code = typedIn(typed, column)
    if (options.some(({ value }) => value === code)) chosen[column] = code
  }
  return chosen
}

/**
 * Makes province, city and district whole: a district or city brings those above it. Takes codes, and names as files
 * have them (in full or short). Answers the three codes, or what is wrong: a name that is not there or not the only one,
 * or divisions that do not lie in each other.
 */
export function completeDivisions(values: Values, reference: Reference): { values: Values; errors: FieldError[] } {
  let lowest: Division | undefined
  for (const [index, column] of columns.entries()) {
    const typed = values[column]
    if (typeof typed !== 'string' || typed === '') continue
    const found = divisionMeant(typed, index + 1, lowest, reference)
    if (!found) return { values: {}, errors: [fieldError({ name: column, label: labels[column] }, divisionUnknown)] }
    if (lowest && found !== lowest && !isBelow(found, lowest, reference)) {
      const message = divisionOutside(found.name, lowest.name)
      return { values: {}, errors: [fieldError({ name: column, label: labels[column] }, message)] }
    }
    lowest = found
  }
  return { values: codesOf(lowest, reference), errors: [] }
}

/** A nameless city alone says no more than its province. */
function codesOf(last: Division | undefined, reference: Reference): Record<Column, string | null> {
  const lowest = isNamelessCity(last?.code) ? reference.division(last?.parent_code) : last
  const codes: Record<Column, string | null> = { province_code: null, city_code: null, district_code: null }
  for (let division = lowest; division; division = reference.division(division.parent_code))
    codes[columns[division.level - 1] as Column] = division.code
  return codes
}

/** What is wrong with divisions that were newly chosen although they exist no longer. */
export function deadDivisionErrors(values: Values, before: Values, reference: Reference): FieldError[] {
  return columns.flatMap((name) => {
    const division = reference.division(values[name] as string | null)
    const isDead = division?.is_active === false && division.code !== before[name]
    return isDead ? [fieldError({ name, label: labels[name] }, text.form.switchedOff(division.name))] : []
  })
}

function isBelow(division: Division, above: Division, reference: Reference): boolean {
  const parent = reference.division(division.parent_code)
  return parent !== undefined && (parent === above || isBelow(parent, above, reference))
}

/**
 * The division a code or a name stands for. In the place of a city may also stand a municipality, or a county directly
 * below its province (仙桃市, whose code 4290xx says so, GB/T 2260).
 */
function divisionMeant(typed: string, level: number, above: Division | undefined, reference: Reference) {
  const coded = reference.division(typed)
  if (coded) return coded.level === level ? coded : undefined
  if (above && above.level >= level && isCalled(above, typed)) return above
  const named = divisionsAt(level, above, reference).filter((division) => isCalled(division, typed))
  if (named.length > 0) return named.length === 1 ? named[0] : undefined
  return level === 2 ? inPlaceOfCity(typed, above, reference) : undefined
}

const isDirectCounty = ({ code }: Division) => code.slice(2, 4) === '90'

function inPlaceOfCity(typed: string, above: Division | undefined, reference: Reference) {
  const counties = divisionsAt(3, above, reference).filter(isDirectCounty)
  return [...divisionsAt(1, undefined, reference), ...counties].find((division) => isCalled(division, typed))
}

function divisionsAt(level: number, above: Division | undefined, reference: Reference): Division[] {
  if (above?.level === level - 1 || level === 1) return reference.divisionsBelow(above?.code ?? null)
  return divisionsAt(level - 1, above, reference).flatMap(({ code }) => reference.divisionsBelow(code))
}

const shortNames = new Map<string, string>()

/** The name as people say it, remembered. */
export function shortName({ name }: Division): string {
  const short = shortNames.get(name) ?? shortRegionName(name)
  shortNames.set(name, short)
  return short
}

const isCalled = (division: Division, typed: string) => division.name === typed || shortName(division) === typed
