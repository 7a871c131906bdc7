import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Field, FieldKind } from '../web/fields.ts'
import type { Values } from '../web/form.ts'
import type { Lines, Module } from './module.ts'

/** A line as it is stored; one that is new has no id yet. */
export type Line = { id?: number } & Record<string, unknown>

/**
 * The lines of a record as one value of it: a text of all of them in their order, so that whatever compares, keeps or shows
 * values of a record (history, conflict, undo of imports) does the same with its lines. Null where there is none.
 */
export function linesText({ fields }: Pick<Lines, 'fields'>, lines: Line[]): string | null {
  const kept = lines.map((line) => {
    const filled = fields.flatMap(({ name }) => ((line[name] ?? null) === null ? [] : [[name, line[name]]]))
    return Object.fromEntries([...(line.id ? [['id', line.id]] : []), ...filled])
  })
  return kept.length > 0 ? JSON.stringify(kept) : null
}

/** The lines of such a text; none where somebody sent something else. */
export function linesIn(value: unknown): Line[] {
  try {
    const lines: unknown = JSON.parse(String(value ?? '[]'))
    return Array.isArray(lines) ? lines.filter((line) => line !== null && typeof line === 'object') : []
  } catch {
    return []
  }
}

/** One line in words: 轴承，2 个. */
const said = (line: Line, fields: Field[], reference: Reference) =>
  fields
    .map((field) => field.kind.show(line[field.name], field, reference))
    .filter(Boolean)
    .join(text.lines.betweenCells)

const kindFor = (): FieldKind => ({
  control: 'lines',
  parse: (typed) => typed,
  write: (value) => String(value ?? ''),
  show: (value, { lines = [] }, reference) =>
    linesIn(value)
      .map((line, at) => text.lines.one(at + 1, said(line, lines, reference)))
      .join(text.lines.between),
  /** Only the lines that differ: those that went or were otherwise, and those that came or are so now. */
  tell: (before, after, { lines = [] }, reference) => {
    const [old, now] = [linesIn(before), linesIn(after)]
    const textOf = (line: Line, at: number) => text.lines.one(at + 1, said(line, lines, reference))
    const [oldTexts, nowTexts] = [old.map(textOf), now.map(textOf)]
    const others = (texts: string[], than: string[]) => texts.filter((one) => !than.includes(one))
    return [others(oldTexts, nowTexts), others(nowTexts, oldTexts)].map((texts) => texts.join(text.lines.between)) as [
      string,
      string,
    ]
  },
})

const kind = kindFor()

/** The lines of a module as a field of its records. */
export const lineField = ({ name, label, fields }: Lines): Field => ({
  name,
  label,
  kind,
  isLinked: true,
  isWide: true,
  lines: fields,
})

/** The fields of a record with its lines among them. */
export const withLineFields = ({ fields, lines = [] }: { fields: Field[]; lines?: readonly Lines[] }): Field[] =>
  lines.length > 0 ? [...fields, ...lines.map(lineField)] : fields

/** The head fields that hold sums of lines, which nobody types. */
export const summedFields = ({ lines = [] }: Pick<Module, 'lines'>): Set<string> =>
  new Set(lines.flatMap(({ totals = [] }) => totals.flatMap(({ into }) => into ?? [])))

/** A sum of lines in the units they are stored in; undefined where it is no safe number any more. */
export function sumOf(lines: Line[], field: string): number | undefined {
  const sum = lines.reduce((all, line) => all + BigInt((line[field] as number | null | undefined) ?? 0), 0n)
  const number = Number(sum)
  return Number.isSafeInteger(number) ? number : undefined
}

/** The sums that stand in fields of the head, for the lines that are among its values. */
export function summed({ lines = [] }: Module, values: Values): Values {
  const sums: Values = {}
  for (const { name, totals = [] } of lines)
    if (name in values)
      for (const { field, into } of totals) if (into) sums[into] = sumOf(linesIn(values[name]), field) ?? null
  return sums
}
