import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Row } from '../web/list.ts'
import { normalise } from './normalise.ts'
import type { SearchSource } from './source.ts'

/** A longer text is told by what stands around the words that were found. */
const longest = 40
const before = 10

/** The parts that the name of a hit does not hold. */
export function unexplainedParts(row: Row, { title }: SearchSource, parts: string[]): string[] {
  const said = [row[title], row[`${title}_pinyin`]].map((one) => normalise(String(one ?? '')))
  return parts.filter((part) => !said.some((one) => one.includes(part)))
}

type Said = { label: string; shown: string }

/** What of a hit, as this person may read it, holds some of the parts: 「电话 139…」; '' where nothing does. */
export function reasonIn(row: Row, { fields, title }: SearchSource, beside: Said[], asked: Unexplained): string {
  const own = fields
    .filter(({ name }) => name !== title)
    .map((field) => ({ label: field.label, shown: field.kind.show(row[field.name], field, asked.reference) }))
  const said = new Set<string>()
  for (const { label, shown } of [...own, ...beside]) {
    const part = asked.parts.find((one) => normalise(shown).includes(one))
    if (part !== undefined) said.add(text.searching.reason(label, around(shown, part)))
  }
  return text.common.listed([...said])
}

type Unexplained = { parts: string[]; reference: Reference }

/** A text, or of a long one what stands around a part. */
function around(shown: string, part: string): string {
  const signs = [...shown]
  if (signs.length <= longest) return shown
  const at = signs.findIndex((_, index) =>
    normalise(signs.slice(index, index + 2 * part.length).join('')).startsWith(part),
  )
  const from = Math.max(0, at - before)
  return `${from > 0 ? '…' : ''}${signs.slice(from, from + longest).join('')}${from + longest < signs.length ? '…' : ''}`
}
