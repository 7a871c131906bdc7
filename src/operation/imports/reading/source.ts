import type { TableSource } from '../../../kernel/spreadsheets/table.ts'
import { textEncodings } from '../../../kernel/spreadsheets/text-encoding.ts'
import { type Body, type FieldError, typedIn } from '../../../kernel/web/form.ts'
import { text } from '../../../texts/index.ts'
import type { Columns } from '../import.ts'

const { source: labels } = text.imports

type Choice = {
  id: string
  name: string
  label: string
  options: { value: string; label: string; isSelected: boolean }[]
}

/** Which sheet is read, and in which encoding where that was guessed, as views/operation/imports/_source.eta wants it. */
export function sourceView(id: number, { source = {}, sheets = [], isGuessed }: Columns, errors: FieldError[]) {
  const choice = (name: 'sheet' | 'encoding', options: [value: string, label: string][]): Choice => ({
    id: `mapping-${name}`,
    name,
    label: labels[name],
    options: options.map(([value, label]) => ({ value, label, isSelected: value === String(source[name]) })),
  })
  const choices = [
    ...(sheets.length > 1
      ? [
          choice(
            'sheet',
            sheets.map((name, index) => [String(index), name]),
          ),
        ]
      : []),
    ...(isGuessed
      ? [
          choice(
            'encoding',
            textEncodings.map((name) => [name, labels.encodings[name]]),
          ),
        ]
      : []),
  ]
  if (choices.length === 0) return null
  const error = errors.find(({ field }) => field === 'sheet')?.message
  return { action: `/imports/${id}/source`, choices, hint: isGuessed ? labels.hint : '', error }
}

/** What was chosen; anything else leaves what is read now. */
export function readSource({ source = {}, sheets = [] }: Columns, body: Body): TableSource {
  const sheet = Number(typedIn(body, 'sheet') || source.sheet)
  const encoding = textEncodings.find((name) => name === typedIn(body, 'encoding')) ?? source.encoding
  return { sheet: sheets[sheet] === undefined ? (source.sheet ?? 0) : sheet, ...(encoding && { encoding }) }
}
