import { text } from '../../../texts/index.ts'
import type { Target } from '../kind.ts'

const simplified = new Map(
  [...text.imports.traditional.from].map((sign, at) => [sign, text.imports.traditional.to[at]]),
)

/** Letters and digits alone, in simplified hanzi: without width, case, blanks, stars, brackets and colons. */
export const headingKey = (heading: string) =>
  [
    ...heading
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  ]
    .slice(0, 50)
    .map((sign) => simplified.get(sign) ?? sign)
    .join('')

const held = new WeakMap<Target[], Map<string, string>>()

/** Targets by the keys of their headings: their own names, those of our files and of other programs. */
function byHeading(targets: Target[]): Map<string, string> {
  const known = held.get(targets) ?? new Map<string, string>()
  if (!held.has(targets))
    for (const { key, label, headings = [] } of targets)
      for (const heading of [label, ...headings].map(headingKey)) if (!known.has(heading)) known.set(heading, key)
  held.set(targets, known)
  return known
}

/** The one of these targets that a heading is known for in this or other programs. */
export const knownTarget = (targets: Target[], heading: string): string | null =>
  byHeading(targets).get(headingKey(heading)) ?? null
