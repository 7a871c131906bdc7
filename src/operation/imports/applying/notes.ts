import type { FastifyRequest } from 'fastify'
import { showCount } from '../../../kernel/web/formatting.ts'
import { text } from '../../../texts/index.ts'
import type { Example, Findings } from '../checking/findings.ts'
import { type Import, stateOf } from '../import.ts'
import type { ImportWords } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { lacking, making } from '../rights.ts'

const { notes: texts } = text.imports

type Note = {
  text: string
  examples: { text: string; href?: string; other?: string }[]
  /** A form of one button. */
  act?: { action: string; label: string; kind: string }
  download?: { href: string; label: string }
}

/** What the check found beside rights and wrongs, as views/operation/imports/_notes.eta wants it. */
export function notesOf(request: FastifyRequest, one: Import): Note[] {
  const { missing, phones, odd, several } = one.evidence
  return [
    ...(missing ? [missingNote(request, one, missing)] : []),
    ...(phones ? [oddNote(one, texts.phones(showCount(phones.rows)), phones)] : []),
    ...(odd ? [oddNote(one, texts.odd(showCount(odd.rows)), odd)] : []),
    ...(several ? [{ text: texts.several(showCount(several.rows)), examples: several.examples.map(cellView) }] : []),
  ]
}

type Finding = NonNullable<Findings['phones']>

const cellView = ({ number, name, label = '', written = '', sentence }: Example) => ({
  text: texts.cell(String(number), name, label, written, sentence),
})

function oddNote({ id, stored_name }: Import, said: string, { examples }: Finding): Note {
  return {
    text: said,
    examples: examples.map(cellView),
    download: stored_name ? { href: `/imports/${id}/doubtful-rows.xlsx`, label: texts.oddFile } : undefined,
  }
}

function missingNote(request: FastifyRequest, one: Import, { rows, examples }: Finding): Note {
  const words = kindOf(one).words.missing as NonNullable<ImportWords['missing']>
  const isAsked = stateOf(one) === 'checked' && !one.columns.makesMissing
  const mayMake = !lacking(request, making(one))
  return {
    text: (one.columns.makesMissing ? words.making : words.found)(showCount(rows)),
    examples: examples.map(({ number, written = '' }) => ({ text: texts.named(String(number), written) })),
    act:
      isAsked && mayMake
        ? {
            action: `/imports/${one.id}/missing-records`,
            label: words.make,
            kind: one.rows_right === 0 ? 'primary' : '',
          }
        : undefined,
  }
}
