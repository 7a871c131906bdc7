import { text } from '../../texts/index.ts'
import type { Content } from './send.ts'

type View = {
  title: string
  conditions: { label: string; value: string }[]
  columns: { label: string; align?: string }[]
  rows: { text: string }[][]
  totalText: string
  note: string | null
}

const mostUpright = 7

/** A list as it stands on its print page, as a report. */
export const listReport = ({ title, conditions, columns, rows, totalText, note }: View): Content => ({
  title,
  conditions: [
    ...conditions,
    { label: text.report.rows, value: totalText },
    ...(note ? [{ label: text.report.note, value: note }] : []),
  ],
  isWide: columns.length > mostUpright,
  table: {
    columns: columns.map(({ label, align }) => ({ label, kind: align === 'end' ? 'number' : 'text' })),
    rows: rows.map((cells) => cells.map((cell) => cell.text)),
  },
})
