import { betweenRegions as between, isNamelessCity, suffixLength, withoutCountry } from '../../kernel/china/regions.ts'
import type { Division, Reference } from '../../kernel/reference.ts'
import { shortName } from './division-fields.ts'

export type PlaceCodes = { province_code?: string; city_code?: string; district_code?: string }

const columns = ['province_code', 'city_code', 'district_code'] as const

const held = new WeakMap<Reference, Map<string, PlaceCodes | null | undefined>>()

/**
 * The divisions that a text names one after the other, in full or as people say them: 吉林省长春市朝阳区, 上海/浦东, 长春.
 * undefined where it names none at the beginning, null where something else is in it.
 */
export function placeIn(text: string, reference: Reference): PlaceCodes | null | undefined {
  const all = held.get(reference) ?? new Map()
  held.set(reference, all)
  if (!all.has(text)) all.set(text, readPlace(text, reference))
  return all.get(text)
}

function readPlace(text: string, reference: Reference): PlaceCodes | null | undefined {
  let rest = withoutCountry(text).replace(between, '')
  let above: Division | undefined
  while (rest !== '') {
    const again = above && isMunicipality(above) ? lengthOf(above, rest) : 0
    const next = again > 0 ? undefined : nextIn(rest, above, reference)
    if (!next && again === 0) return above ? null : undefined
    above = next?.division ?? above
    rest = rest.slice(next?.length ?? again).replace(between, '')
  }
  return above && codesOf(above)
}

/** 上海市 is province and city. */
const isMunicipality = ({ code }: Division) => /^(?:11|12|31|50)0000$/.test(code)

const codesOf = ({ code, level }: Division): PlaceCodes => ({ [columns[level - 1] as string]: code })

type Found = { division: Division; length: number }

/** The longest name at the beginning of a text; nothing where two places of a level are called so. */
function nextIn(text: string, above: Division | undefined, reference: Reference): Found | undefined {
  const found = [...below(above, reference)]
    .map((division) => ({ division, length: lengthOf(division, text) }))
    .filter(({ length }) => length > 0)
  const longest = Math.max(0, ...found.map(({ length }) => length))
  const first = found.filter(({ length }) => length === longest)
  const highest = Math.min(...first.map(({ division }) => division.level))
  const [one, ...others] = first.filter(({ division }) => division.level === highest)
  return others.length === 0 ? one : undefined
}

function* below(above: Division | undefined, reference: Reference): Generator<Division> {
  for (const division of reference.divisionsBelow(above?.code ?? null)) {
    yield division
    yield* below(division, reference)
  }
}

/** How much of a text is the name of a division at its beginning. */
function lengthOf(division: Division, text: string): number {
  if (text.startsWith(division.name)) return division.name.length
  const short = shortName(division)
  if (isNamelessCity(division.code) || !text.startsWith(short)) return 0
  return short.length + suffixLength(text.slice(short.length), division.level)
}
