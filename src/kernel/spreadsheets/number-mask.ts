/** What a number looks like in one section of a format; digits go to `0`, `#` and `?` from the right. */
type MaskSection = { parts: Part[]; holds?: (value: number) => boolean }
type Part = { text: string } | { digit: '0' | '#' | '?' }

/** A format that makes a text of a number: a code with leading zeros, a telephone number in groups, a prefix (KH-00042). */
export type NumberMask = (MaskSection | undefined)[]

const TOKEN = /"([^"]*)"|[\\!](.)|[_*].|\[([^[\]]*)\]|([0#?])|([;])|(.)/gsu

/**
 * The mask of a format code; undefined where the number itself is meant: quantities with grouping, decimals, a unit or a
 * currency. The sections are those of ECMA-376 part 1, 18.8.31.
 */
export function parseMask(code: string): NumberMask | undefined {
  const sections = sectionsOf(code)
  return sections[0] && isText(sections[0].parts) ? sections.slice(0, 3) : undefined
}

function sectionsOf(code: string): NumberMask {
  let section: MaskSection = { parts: [] }
  let isMask = true
  const sections: NumberMask = []
  const finish = () => {
    sections.push(isMask ? section : undefined)
    section = { parts: [] }
    isMask = true
  }
  for (const [, quoted, escaped, bracket, digit, end, other] of code.matchAll(TOKEN)) {
    if (digit) section.parts.push({ digit: digit as '0' })
    else if (bracket !== undefined) {
      section.holds = conditionIn(bracket) ?? section.holds
      isMask &&= !/^[hms]+$/i.test(bracket)
    } else if (end) finish()
    else if (other !== undefined && /[a-z.,%@]/i.test(other)) isMask = false
    else section.parts.push({ text: quoted ?? escaped ?? other ?? '' })
  }
  finish()
  return sections
}

const COMPARED: Record<string, (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '=': (value, bound) => value === bound,
  '<>': (value, bound) => value !== bound,
}

function conditionIn(bracket: string): MaskSection['holds'] {
  const [, sign = '', bound] = /^(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$/.exec(bracket) ?? []
  const compared = COMPARED[sign]
  return compared && ((value) => compared(value, Number(bound)))
}

/** Prefixes that say how much, not which. */
const CURRENCY = /CNY|RMB|USD|EUR|HKD|JPY|GBP|TWD|HK\$|US\$|NT\$/gi

/** Whether the parts pad with zeros, group by signs, or begin with letters. */
function isText(parts: Part[]): boolean {
  const shape = parts.map((part) =>
    'digit' in part ? part.digit : part.text.replace(CURRENCY, '').replace(/[0#?]/g, 'x'),
  )
  const text = shape.join('').trim()
  const first = text.search(/[0#?]/)
  if (first < 0) return false
  const inner = text.slice(first).replace(/[^0#?]+$/, '')
  if (/[.,/]/.test(inner)) return false
  const isPadded = inner.replace(/[^0]/g, '').length > 1
  return isPadded || /[-–—()]/.test(inner) || /[a-z\d]/i.test(text.slice(0, first))
}

/** The text of a number; undefined where its section makes none. */
export function maskedText(value: number, mask: NumberMask): string | undefined {
  const [section, isSigned] = sectionFor(value, mask)
  const digits = String(Math.round(Math.abs(value)))
  if (!section || digits.length > 15) return undefined
  return `${value < 0 && !isSigned ? '-' : ''}${filled(section.parts, digits === '0' ? '' : digits)}`.trim()
}

/** The section of a number, and whether it writes the sign of its own accord. */
function sectionFor(value: number, mask: NumberMask): [MaskSection | undefined, boolean] {
  const chosen = mask.find((section) => section?.holds?.(value))
  if (chosen) return [chosen, false]
  if (mask.some((section) => section?.holds)) return [mask.find((section) => section && !section.holds), false]
  if (value < 0 && mask.length > 1) return [mask[1], true]
  return [value === 0 && mask.length > 2 ? mask[2] : mask[0], false]
}

function filled(parts: Part[], digits: string): string {
  const first = parts.findIndex((part) => 'digit' in part)
  let left = digits
  let text = ''
  for (const [index, part] of [...parts.entries()].reverse()) {
    if ('text' in part) text = part.text + text
    else if (index === first && left) text = left + text
    else {
      text = (left.at(-1) ?? { '0': '0', '#': '', '?': ' ' }[part.digit]) + text
      left = left.slice(0, -1)
    }
  }
  return text
}
