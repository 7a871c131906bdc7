import type { Content } from '../../kernel/report/send.ts'
import { text } from '../../texts/index.ts'

type Cells = { cells: { text: string }[] }
type Sheet = {
  title: string
  subtitle: string
  groups: { title: string; items: { label: string; text: string; isWide?: boolean }[] }[]
  contacts: { columns: { label: string }[]; rows: Cells[] } | null
}

/** A customer with its contacts as a report. */
export const cardReport = ({ title, subtitle, groups, contacts }: Sheet): Content => ({
  title,
  conditions: [{ label: text.customers.fields.code, value: subtitle }],
  sections: [
    ...groups.map(({ title, items }) => ({ title, pairs: items })),
    ...(contacts ? [{ title: text.contacts.title, table: contactTable(contacts) }] : []),
  ],
})

const contactTable = ({ columns, rows }: NonNullable<Sheet['contacts']>) => ({
  columns: columns.map(({ label }) => ({ label, kind: 'text' as const })),
  rows: rows.map(({ cells }) => cells.map((cell) => cell.text)),
})
