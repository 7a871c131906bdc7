import { readFileSync } from 'node:fs'
import { creditCodeCheck, innerCheck } from '../../src/kernel/china/credit-code.ts'
import { nameKeys } from '../../src/kernel/china/name-keys.ts'
import { companyPinyin } from '../../src/kernel/china/pinyin.ts'
import { regions, regionWords, shortRegionName } from '../../src/kernel/china/regions.ts'
import type { Chance } from './chance.ts'

export const words = JSON.parse(readFileSync(new URL('words.json', import.meta.url), 'utf8'))
const places: Place[] = JSON.parse(readFileSync(new URL('places.json', import.meta.url), 'utf8'))
const names = new Map(regions.map(([code, name]) => [code, name]))
const municipality = /^(11|12|31|50)/

type Place = { city: string; area: string; postcode: string; digits: number; weight: number }
/** Stem (宏源), business (电子), and what follows (有限公司), taken from the list of made-up names. */
export type Company = { stem: string; business: string; ending: string }
export type Site = Place & { district: string | null; cityName: string; text: string }

/** Companies with a serious stem and a known business out of company-names.txt, in its order, each stem and business once. */
export function readCompanies(path: string): Company[] {
  const business = Object.keys(words.business)
    .sort((a, b) => b.length - a.length)
    .join('|')
  const shape = new RegExp(`^(.+?)([${words.stem}]{2,3})(${business})((?:集团)?(?:股份)?有限(?:责任)?公司)$`)
  const regionNames = regionWords()
  const seen = new Set<string>()
  const companies: Company[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, region = '', stem = '', work = '', ending = ''] = shape.exec(line) ?? []
    const isOdd =
      words.known.some((known: string) => stem.startsWith(known)) || regionNames.has(stem) || /(.)\1/.test(stem)
    if (!regionNames.has(region) || isOdd || seen.has(stem + work)) continue
    seen.add(stem + work)
    companies.push({ stem, business: work, ending })
  }
  return companies
}

/** A city by weight, one of its districts, and a street there. */
export function chooseSite(chance: Chance): Site {
  const place = chance.weighted(places.map((place) => [place, place.weight] as const))
  const districts = regions.filter(
    ([, name, parent]) => parent === place.city && !/开发|示范|园|管理|新区|食品/.test(name),
  )
  const [district, districtName] = districts.length > 0 ? chance.oneOf(districts) : [null, '']
  const province = names.get(`${place.city.slice(0, 2)}0000`) ?? ''
  const cityName = municipality.test(place.city) ? province : (names.get(place.city) ?? '')
  const door = `${chance.oneOf<string>(words.streets)}${chance.whole(1, 2999)}号${chance.happens(0.4) ? `${chance.whole(2, 28)}${chance.digits(2)}室` : ''}`
  const text = `${province === cityName ? '' : province}${cityName}${districtName}${door}`
  return { ...place, district, cityName, text }
}

/** The full name at a site: mostly 长春市宏源电子有限公司, some 宏源电子(长春)有限公司, a few branches. */
export function nameAt(site: Site, { stem, business, ending }: Company, chance: Chance): string {
  const short = shortRegionName(site.cityName)
  if (chance.happens(0.06)) return `${stem}${business}(${short})${ending}`
  if (chance.happens(0.03)) return `${stem}${business}${ending}${short}分公司`
  const province = names.get(`${site.city.slice(0, 2)}0000`) ?? ''
  return `${chance.weighted([
    [site.cityName, 5],
    [short, 4],
    [province, 1],
  ])}${stem}${business}${ending}`
}

/** The same company as a colleague would have typed it: another legal form, another owner. For the search for duplicates. */
export function otherSpelling(name: string): string {
  return name.includes('有限责任公司')
    ? name.replace('有限责任公司', '有限公司')
    : name.replace('有限公司', '有限责任公司')
}

/** An invented mail domain, the same for nobody else. */
export function domainOf({ stem, business }: Company, taken: Set<string>): string {
  const base = companyPinyin(stem).full + companyPinyin(business).initials
  let name = base
  for (let count = 2; taken.has(name); count++) name = `${base}${count}`
  taken.add(name)
  return `${name}.example`
}

/** A 统一社会信用代码 with right check characters for a made-up company registered in this district. */
export function makeCreditCode(region: string, chance: Chance, kind = '91'): string {
  const letters = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']
  const body = chance.happens(0.6)
    ? `MA${Array.from({ length: 6 }, () => chance.oneOf(letters)).join('')}`
    : chance.oneOf(['1', '2', '5', '6', '7']) + chance.digits(7)
  const code = `${kind}${region}${body}${innerCheck(body)}`
  return code + creditCodeCheck(code)
}

/** Keeps a name only when no other customer has its exact key yet. */
export function isNewName(name: string, taken: Set<string>): boolean {
  const { exact } = nameKeys(name)
  if (taken.has(exact)) return false
  taken.add(exact)
  return true
}
