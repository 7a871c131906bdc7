import { today } from '../../kernel/china/clock.ts'
import { nameParts } from '../../kernel/china/surnames.ts'
import { type Field, line, long } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'

const t = text.mail

/** Who gets a message, with what its merge fields need. */
export type Recipient = {
  customer_id: number
  contact_id: number | null
  /** The person, or the customer where no person is known. */
  name: string
  address: string
  customer: { name: string; short_name: string | null; kind: string; sex: string | null }
  contact: { name: string; sex: string | null } | null
}

/** Who writes, in the name of which company. */
export type Writer = { name: string; phone: string; company: string }

type Parts = { recipient: Recipient; writer: Writer }

const values: Record<keyof typeof t.merge, (parts: Parts) => string> = {
  customer: ({ recipient }) => recipient.customer.name,
  shortName: ({ recipient }) => recipient.customer.short_name ?? recipient.customer.name,
  contact: ({ recipient }) => recipient.contact?.name ?? recipient.customer.name,
  salutation: ({ recipient }) => salutation(recipient),
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

function salutation({ customer, contact }: Recipient): string {
  const person = contact ?? (customer.kind === 'person' ? customer : null)
  if (!person) return customer.name
  const called = nameParts(person.name).surname || person.name
  if (person.sex === 'male') return t.sir(called)
  return person.sex === 'female' ? t.madam(called) : person.name
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
