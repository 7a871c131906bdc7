import { text } from '../../texts/index.ts'
import { decimal, wrongDecimal } from '../web/decimal-kind.ts'
import type { Field } from '../web/fields.ts'
import { instant } from '../web/instant-kind.ts'
import { link } from '../web/link-kind.ts'

/** What of a declaration is looked at here. */
type Declared = Field & { isUnique?: true; isFilter?: true; isBatch?: true }
type DeclaredLines = {
  name: string
  fields: Declared[]
  most: number
  totals?: readonly { field: string; into?: string }[]
}
type DeclaredModule = { fields: Declared[]; lines?: readonly DeclaredLines[] }

/** The ending of a column says its type to the database (db/rows.ts), and masks hide texts. */
export const wrongKind = (field: Declared): boolean =>
  wrongDecimal(field) ||
  (field.kind === instant && !field.name.endsWith('_at')) ||
  (field.kind === link && (!field.name.endsWith('_id') || field.isUnique === true)) ||
  (field.mask !== undefined && [decimal, instant, link].includes(field.kind))

const mostLines = 1000
/** What stands in a table of lines on its own. */
const reserved = ['id', 'record_id', 'position', 'place', 'remove']
const numeric = ['number', 'decimal', 'money']

/** What of the lines of a module cannot be, in words. */
export function linesProblem(
  { fields, lines = [] }: DeclaredModule,
  isLinkable: (to?: string) => boolean,
): string | undefined {
  const t = text.declarations
  const names = [...fields, ...lines].map(({ name }) => name)
  for (const one of lines) {
    const say = (what: string) => t.noLines(one.name, what)
    if ('lines' in one || one.fields.some((field) => field.lines)) return say(t.linesOfLines)
    if (!/^[a-z][a-z0-9_]*$/.test(one.name) || names.filter((name) => name === one.name).length > 1)
      return say(t.linesTwice)
    if (!(one.most >= 1 && one.most <= mostLines)) return say(t.linesMost)
    const wrong = one.fields.find((field) => !mayStandInLines(field, one, isLinkable))
    if (wrong) return say(t.linesField(wrong.name))
    if (one.fields.length === 0) return say(t.linesField(''))
    const total = one.totals?.find(({ field, into }) => !mayBeSummed(one, fields, field, into))
    if (total) return say(t.linesTotal(total.field))
  }
  return undefined
}

function mayStandInLines(field: Declared, { fields }: DeclaredLines, isLinkable: (to?: string) => boolean): boolean {
  const { name, kind, to, mask, isUnique, isFilter, isBatch, keep } = field
  const isAlone = fields.filter((other) => other.name === name).length === 1 && !reserved.includes(name)
  const isPlain = !mask && !isUnique && !isFilter && !isBatch && !keep && !kind.isMany && kind.control !== 'password'
  return isAlone && isPlain && !wrongKind(field) && (kind !== link || isLinkable(to))
}

function mayBeSummed({ fields: own }: DeclaredLines, head: Declared[], name: string, into?: string): boolean {
  const field = own.find((one) => one.name === name)
  if (!field || !numeric.includes(field.kind.control)) return false
  const place = head.find((one) => one.name === into)
  return into === undefined || (place?.kind.control === field.kind.control && !place.isRequired)
}
