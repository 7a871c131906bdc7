import { fieldColumn } from '../web/field-column.ts'
import type { Column, List, Row } from '../web/list.ts'
import { linesOf } from './line-records.ts'
import type { Line } from './lines.ts'
import { linkColumn, nameRows } from './link-columns.ts'
import type { Lines, Module, ModuleField } from './module.ts'

/** What a column of lines is called in a file, where a field of the head is called alike. */
export const lineLabel = ({ fields, lines = [] }: Module, one: Lines, { label }: ModuleField): string => {
  const others = [...fields, ...lines.filter((other) => other !== one).flatMap((other) => other.fields)]
  return others.some((other) => other.label === label) ? one.label + label : label
}

/** The lines of a module in the files of its list; nothing where it has none. */
export function fileLinesOf(module: Module): Pick<List, 'lines'> {
  const { lines = [], number, title } = module
  if (lines.length === 0) return {}
  return {
    lines: {
      columns: lines.flatMap((one) => one.fields.flatMap((field) => columnsOf(module, one, field))),
      repeated: new Set([number?.field ?? title]),
      of: async (db, rows, viewer) => {
        const ids = rows.map(({ id }) => id)
        const together = new Map<number, Row[]>()
        for (const one of lines) {
          const found = await linesOf(db, one, ids)
          const named = await nameRows(db, viewer, one.fields, [...found.values()].flat() as Row[])
          for (const line of named) {
            const own = together.get(line.record_id as number) ?? []
            together.set(line.record_id as number, own)
            const free = own.find((row) => !(one.name in row))
            if (free) free[one.name] = line
            else own.push({ id: line.id, [one.name]: line })
          }
        }
        return together
      },
    },
  }
}

/** The columns of a field of lines: its cells stand in the line of each row. */
function columnsOf(module: Module, lines: Lines, field: ModuleField): Column[] {
  const column = field.to === undefined ? fieldColumn(field) : linkColumn(field)
  const label = lineLabel(module, lines, field)
  const heading = (one: Column) => (one === column ? label : one.label.replace(field.label, label))
  return [column, ...(column.companion ? [column.companion] : [])].map((one) => {
    const { value } = one
    const lineIn = (row: Row) => row[lines.name] as (Row & Line) | undefined
    return {
      name: `${lines.name}.${one.name}`,
      label: heading(one),
      kind: one.kind,
      cell: (row, reference) => {
        const line = lineIn(row)
        return line ? one.cell(line, reference) : { text: '' }
      },
      ...(value && { value: (row: Row) => (lineIn(row) ? value(lineIn(row) as Row) : null) }),
    }
  })
}
