import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Section } from '../report/pdf-section.ts'
import type { Signatures } from '../report/pdf-signatures.ts'
import type { Field } from '../web/fields.ts'
import type { Viewer } from '../web/viewer.ts'

/** What a paper is made of: a record as its reader may read it, with its fields, in which what they point at is named. */
export type PaperOf = {
  db: Knex
  viewer: Viewer
  record: { id: number } & Record<string, unknown>
  fields: Field[]
  /** Its lines, each as a table. */
  lines: Section[]
  reference: Reference
}

/** A paper of one record, declared once; it serves a page to print and a PDF. */
export type Paper = {
  /** The end of its address: small letters, digits and dashes. */
  name: string
  /** What it is called, 「出库单」. */
  label: string
  /** Its parts, in their order. Whoever reads more than the record keeps to what `viewer` may see. */
  sections(of: PaperOf): Section[] | Promise<Section[]>
  signatures?(of: PaperOf): Signatures
}

/** Fields of a record as a part of a paper, in the order of their names; empty ones are left out. */
export const pairsOf = ({ record, fields, reference }: PaperOf, names: readonly string[]): Section['pairs'] =>
  names.flatMap((name) => {
    const field = fields.find((one) => one.name === name)
    const shown = field ? field.kind.show(record[name], field, reference) : ''
    return field && shown ? [{ label: field.label, text: shown, ...(field.isWide && { isWide: true }) }] : []
  })

type PlainPaper = Pick<Paper, 'name' | 'label'> & {
  /** The fields on it, in their order; all of the record where nothing is said. */
  fields?: readonly string[]
  hasLines: boolean
  /** Who signs or stamps it. */
  signatures?: Signatures
}

/** A paper that says what stands in a record and in its lines, with their sums: what can be said of one as data. */
export const plainPaper = ({ name, label, fields, hasLines, signatures }: PlainPaper): Paper => ({
  name,
  label,
  sections: (of) => [
    { title: text.papers.basic, pairs: pairsOf(of, fields ?? of.fields.map((field) => field.name)) },
    ...(hasLines ? of.lines : []),
  ],
  ...(signatures && { signatures: () => signatures }),
})

/** Of papers the first whose address does not do, or is there twice. */
export const wrongPaper = (papers: readonly Paper[]): Paper | undefined =>
  papers.find(
    ({ name }, at) => !/^[a-z][a-z0-9-]*$/.test(name) || papers.some((one, to) => to < at && one.name === name),
  )
