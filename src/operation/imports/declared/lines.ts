import type { Knex } from 'knex'
import { lineLabel } from '../../../kernel/modules/line-columns.ts'
import { linesOf } from '../../../kernel/modules/line-records.ts'
import { type Line, linesText, sumOf } from '../../../kernel/modules/lines.ts'
import { linksAmong, withNames } from '../../../kernel/modules/link-names.ts'
import type { Lines, Module } from '../../../kernel/modules/module.ts'
import { readForm, switchedOffErrors, type Values } from '../../../kernel/web/form.ts'
import { link } from '../../../kernel/web/link-kind.ts'
import { text } from '../../../texts/index.ts'
import type { Existing } from '../checking/existing.ts'
import type { Target } from '../kind.ts'
import { addReason, type ReadRow, type RowContext, type Texts } from '../reading/row.ts'
import { typedBy } from '../reading/typed.ts'
import type { Work } from '../work.ts'
import { linkTargets, type Pointed, pointedAt, readLinks, recordFinder } from './links.ts'

/** A line as a row of a file says it: its values, and what it points at. */
type Said = { values: Values; links: Record<string, Pointed> }

const saidIn = (row: ReadRow, { name }: Lines) => (row.values[name]?.rows ?? []) as Said[]

/** The columns of lines. */
export const lineTargets = (module: Module): Target[] =>
  (module.lines ?? []).flatMap((lines) =>
    lines.fields.flatMap((field) => {
      const label = lineLabel(module, lines, field)
      const target = { key: `${lines.name}.${field.name}`, record: lines.name, name: field.name, label, field }
      return field.kind === link ? linkTargets(field, target) : [target]
    }),
  )

/** Reads the lines that stand in a row of a file, as if they had been typed into the form. */
export function readLine(module: Module, read: ReadRow, written: Texts, context: RowContext) {
  for (const lines of module.lines ?? []) {
    const { name, label, fields } = lines
    if (!Object.keys(written).some((key) => key.startsWith(`${name}.`))) continue
    const earlier = saidIn(read, lines)
    const cell = (label_: string) => text.lines.cell(label, earlier.length + 1, label_)
    const typed = typedBy(name, written, context, read)
    const plain = fields.filter(({ kind }) => kind !== link)
    const { values, errors } = readForm(plain, typed, context.reference)
    for (const error of [...errors, ...switchedOffErrors(plain, values, context.reference)])
      addReason(read, cell(error.label), written[`${name}.${error.field}`], error.message)
    const links = readLinks(fields, read, written, { record: name, labelOf: cell })
    read.values[name] = { rows: [...earlier, { values, links }] }
    read.given.record = [...new Set([...(read.given.record ?? []), name])]
  }
}

/**
 * Puts the lines of rows together as one value of their records. Those of a record that is there are, in their order, its
 * lines; what these point at already, as it is written in a file that went out, stays.
 */
export async function placeLines(db: Knex, module: Module, work: Work, found: Map<ReadRow, Existing>, rows: ReadRow[]) {
  for (const lines of module.lines ?? []) {
    const ids = [...found.values()].map(({ id }) => id)
    const old = await linesOf(db, lines, ids)
    const look = recordFinder(db, work)
    const links = await withNames(db, work.viewer, linksAmong([...lines.fields]), [...old.values()].flat())
    for (const row of rows.filter((one) => saidIn(one, lines).length > 0)) {
      const before = old.get(found.get(row)?.id ?? 0) ?? []
      const now: Line[] = []
      for (const [at, said] of saidIn(row, lines).entries()) {
        const line: Line = { ...(before[at] && { id: before[at].id as number }), ...said.values }
        for (const field of links) {
          const pointed = said.links[field.name]
          const cell = { ...field, label: text.lines.cell(lines.label, at + 1, field.label) }
          if (pointed) line[field.name] = await pointedAt(row, cell, pointed, before[at], look)
        }
        now.push(line)
      }
      if (now.length > lines.most) addReason(row, lines.label, '', text.lines.most(lines.most))
      if (lines.totals?.some(({ field }) => sumOf(now, field) === undefined))
        addReason(row, lines.label, '', text.lines.tooMuch)
      row.values.record = { ...row.values.record, [lines.name]: linesText(lines, now) }
    }
  }
}
