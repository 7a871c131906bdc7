import { today } from '../../kernel/china/clock.ts'
import { nameParts } from '../../kernel/china/surnames.ts'
import { type Field, line, long } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'

const t = text.mail

/** The record that a message hangs on, and the one it is written to: the same, or one that hangs on that. */
export type To = { record_type: string; record_id: number; recipient_type: string; recipient_id: number }

/** Those alone, of somebody of whom more is known. */
export const toOf = ({ record_type, record_id, recipient_type, recipient_id }: To): To => ({
  record_type,
  record_id,
  recipient_type,
  recipient_id,
})

/** What of a record stands in a message; `sex` of persons, whose may be unknown. */
export type Party = { name: string; shortName: string | null; sex: string | null }

/** Who gets a message, with what its merge fields need. */
export type Recipient = To & { name: string; address: string; party: Party; record: Party }

/** Who writes, in the name of which company. */
export type Writer = { name: string; phone: string; company: string }

type Parts = { recipient: Recipient; writer: Writer }

const values: Record<keyof typeof t.merge, (parts: Parts) => string> = {
  customer: ({ recipient }) => recipient.record.name,
  shortName: ({ recipient }) => recipient.record.shortName ?? recipient.record.name,
  contact: ({ recipient }) => recipient.party.name,
  salutation: ({ recipient }) => salutation(recipient.party),
  me: ({ writer }) => writer.name,
  myPhone: ({ writer }) => writer.phone,
  company: ({ writer }) => writer.company,
  date: () => today(),
}

const byName = new Map(Object.entries(t.merge).map(([key, name]) => [name, values[key as keyof typeof t.merge]]))

/** All merge fields as they are written. */
export const mergeFields = Object.values(t.merge)
  .map((name) => `{{${name}}}`)
  .join(' ')

function salutation({ name, sex }: Party): string {
  const called = nameParts(name).surname || name
  if (sex === 'male') return t.sir(called)
  return sex === 'female' ? t.madam(called) : name
}

const fieldShape = /\{\{\s*([^{}]*?)\s*\}\}/g

/** Throws the sentence that says which merge field there is not. */
function checkMergeFields(written: string) {
  for (const [, name = ''] of written.matchAll(fieldShape))
    if (!byName.has(name)) throw t.unknownField(name, mergeFields)
  if (/\{\{|\}\}/.test(written.replace(fieldShape, ''))) throw t.brokenField
}

/** A text with what its merge fields stand for. */
export const merged = (written: string, parts: Parts): string =>
  written.replace(fieldShape, (whole, name: string) => byName.get(name)?.(parts) ?? whole)

/** A text that speaks for many, or for nobody yet, as a heading: the names of its merge fields instead of their signs. */
export const asHeading = (written: string): string =>
  written.replace(fieldShape, (_whole, name: string) => t.fieldName(name))

const mergeable = (kind: typeof line): typeof line => ({
  ...kind,
  parse: (typed, field, reference) => {
    const written = String(kind.parse(typed, field, reference))
    checkMergeFields(written)
    return written
  },
})

export const longestSubject = 200
const longestBody = 20_000

/** What is written, of a message and of a template. */
export const contentFields: Field[] = [
  {
    name: 'subject',
    label: t.fields.subject,
    kind: mergeable(line),
    max: longestSubject,
    isRequired: true,
    isWide: true,
  },
  {
    name: 'body',
    label: t.fields.body,
    kind: mergeable(long),
    max: longestBody,
    isRequired: true,
    isWide: true,
    rows: 14,
    hint: t.bodyHint(mergeFields),
  },
]
