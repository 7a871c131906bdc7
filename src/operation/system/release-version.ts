/** `1.2.3` or `1.2.3-beta.1`, as npm writes it. */
const pattern = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,60}))?(?:\+[0-9A-Za-z.-]{1,60})?$/

export const isVersion = (text: unknown): text is string => typeof text === 'string' && pattern.test(text)

/** Below 0 when `one` is older than `other`, 0 for the same, above 0 for newer, by semver: 1.0.0-beta before 1.0.0. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  for (const at of [0, 1, 2] as const) if (a.numbers[at] !== b.numbers[at]) return a.numbers[at] - b.numbers[at]
  if (!a.before || !b.before) return Number(!a.before) - Number(!b.before)
  return comparePre(a.before.split('.'), b.before.split('.'))
}

function partsOf(version: string) {
  const [, major, minor, patch, before = ''] = pattern.exec(version) ?? []
  return { numbers: [Number(major), Number(minor), Number(patch)] as const, before }
}

/** Numbers by value and before words; what goes on is later. */
function comparePre(one: string[], other: string[]): number {
  for (const [at, part] of one.entries()) {
    const against = other[at]
    if (against === undefined) return 1
    if (part === against) continue
    const [isNumber, isOtherNumber] = [part, against].map((text) => /^\d+$/.test(text))
    if (isNumber && isOtherNumber) return Number(part) - Number(against)
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
    return part < against ? -1 : 1
  }
  return one.length - other.length
}
