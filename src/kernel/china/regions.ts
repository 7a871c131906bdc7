import { readFileSync } from 'node:fs'

/** One row of seeds/regions.json: GB/T 2260 code of six digits, name, code above it, 1 province, 2 city, 3 district. */
export type Region = [code: string, name: string, parent: string | null, level: 1 | 2 | 3]

export const regions: Region[] = JSON.parse(
  readFileSync(new URL('../../../seeds/regions.json', import.meta.url), 'utf8'),
)

const peoples =
  '蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|普米|各'
const autonomy = new RegExp(
  `^(.{2,}?)(?:(?:${peoples})族|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯)*族?(?:自治[区州县旗])$`,
)
const plain = /^(.{2,}?)(?:特别行政区|地区|林区|特区|新区|[省市区县盟旗])$/
const nameless = /直辖县级|市辖区|^县$|开发区|管理|委员会|示范区|产业|及其海域/

/** The cities of the four municipalities (市辖区, 县) are no places of their own: their codes are for tables only. */
export const isNamelessCity = (code: unknown) => /^(11|12|31|50)0[12]00$/.test(String(code))

/** The name as people say it: 吉林省 → 吉林, 延边朝鲜族自治州 → 延边. A name of two characters (泾县) stays. */
export function shortRegionName(name: string): string {
  return autonomy.exec(name)?.[1] ?? plain.exec(name)?.[1] ?? name
}

/** Every region name and short name that may stand in a company's name. */
export function regionWords(): Set<string> {
  const real = regions.map(([, name]) => name).filter((name) => !nameless.test(name))
  return new Set(real.flatMap((name) => [name, shortRegionName(name)]))
}

const suffixes = [/^省/, /^(?:市|州|盟|地区)/, /^(?:区|县|市|旗)/]

/** How much of a text is the word that ends the short name of a region of a level: 延边州, 广西省. */
export const suffixLength = (text: string, level: number): number => suffixes[level - 1]?.exec(text)?.[0].length ?? 0

/** What stands between the regions of a place that is written in one line. */
export const betweenRegions = /^[\s/\\_\-—–、,，.·>|]+/

export const withoutCountry = (place: string): string => place.replace(/^中国/, '')

const real = regions.filter(([, name]) => !nameless.test(name))
const municipality = /^(?:11|12|31|50)0000$/
const provinces = placesOf(real.filter(([, , , level]) => level === 1))
const cities = placesOf([
  ...real.filter(([, , , level]) => level === 2),
  ...real.filter(([code]) => municipality.test(code)).map(([code, ...rest]): Region => [cityOf(code), ...rest]),
])

/** The one city of a municipality that counts: 310000 → 310100. */
function cityOf(municipalityCode: string): string {
  return municipalityCode.replace(/0000$/, '0100')
}

/** Codes by the names of places and by how people say them. */
function placesOf(list: Region[]): Map<string, string> {
  return new Map(list.flatMap(([code, name]) => [shortRegionName(name), name].map((word) => [word, code] as const)))
}

/**
 * The code of the city that the name of a company begins with, its province in front or not: 吉林省长春市…, 长春…. 吉林… alone
 * may be the province, so it is no city.
 */
export function cityAtHead(name: string): string | undefined {
  const place = withoutCountry(name)
  const city = wordAtHead(place, cities)
  if (city && (isCityOnly(city) || municipality.test(provinces.get(city) ?? ''))) return cities.get(city)
  const province = wordAtHead(place, provinces)
  if (!province) return undefined
  const code = cities.get(wordAtHead(place.slice(province.length), cities) ?? '')
  return code?.slice(0, 2) === provinces.get(province)?.slice(0, 2) ? code : undefined
}

const isCityOnly = (word: string) => !provinces.has(word)
const longestWord = Math.max(...[...provinces.keys(), ...cities.keys()].map(({ length }) => length))

function wordAtHead(text: string, words: Map<string, string>): string | undefined {
  for (let length = Math.min(longestWord, text.length); length > 1; length--)
    if (words.has(text.slice(0, length))) return text.slice(0, length)
  return undefined
}
