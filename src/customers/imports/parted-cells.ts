import { phonesIn } from '../../kernel/china/phone.ts'
import type { Field } from '../../kernel/web/fields.ts'
import type { Parted, ReadRow, Texts } from '../../operation/imports/reading/row.ts'
import { text } from '../../texts/index.ts'
import { contactField } from '../contacts/fields.ts'
import { customerField } from '../customers/fields.ts'
import type { Side } from './targets.ts'

const phoneColumns: Record<Side, string[]> = {
  customer: ['phone', 'mobile', 'phone2'],
  contact: ['mobile', 'office_phone', 'home_phone'],
}
/** Where a further number goes, by its kind, as far as there is nothing. */
const spare: Record<Side, { mobile: string[]; other: string[] }> = {
  customer: { mobile: ['mobile', 'phone2'], other: ['phone', 'phone2'] },
  contact: { mobile: ['mobile'], other: ['office_phone'] },
}
const between = ' / '

const fieldOf = (record: Side, name: string): Field =>
  record === 'customer' ? customerField(name as never) : contactField(name as never)

/**
 * Leaves the first of several numbers or addresses in its cell. Further telephones go where they belong and nothing is,
 * else they stay beside the first one as far as there is room; further addresses and what has no room go to the notes.
 */
export function partCells(record: Side, typed: Texts, read: ReadRow) {
  for (const name of phoneColumns[record]) partPhones(record, name, typed, read)
  // Our own lists show the mobile where there is no telephone, and so do their files.
  if (record === 'customer' && typed.mobile && typed.phone === typed.mobile) delete typed.phone
  partMails(record, typed, read)
}

/** Most cells hold one number; to look into each takes longer. Six digits, and three more somewhere behind another sign. */
function mayBeSeveral(written: string): boolean {
  const first = written.search(/\d{6}/)
  if (first < 0) return false
  const rest = written.slice(first + 6)
  const end = rest.search(/\D/)
  return end >= 0 && /\d{3}/.test(rest.slice(end))
}

function partPhones(record: Side, name: string, typed: Texts, read: ReadRow) {
  const written = typed[name]
  if (written === undefined || !mayBeSeveral(written)) return
  const [first, ...others] = phonesIn(written) ?? []
  if (!first || others.length === 0) return
  const { label, max = 100 } = fieldOf(record, name)
  const whole = [first, ...others].map(({ shown }) => shown).join(between)
  const moved: string[] = []
  const rest: string[] = []
  let kept = first.shown
  for (const { shown, isMobile } of others) {
    const free = spare[record][isMobile ? 'mobile' : 'other'].find((other) => other !== name && !typed[other])
    if (free) {
      typed[free] = shown
      moved.push(free)
    } else if (kept.length + between.length + shown.length <= max) kept += between + shown
    else rest.push(shown)
  }
  typed[name] = kept
  if (moved.length + rest.length > 0) note(read, { record, field: name, whole, moved, rest, label, written })
  if (rest.length > 0) addNote(typed, read, record, text.imports.several.further(label, rest))
}

const addresses =
  /[^\s<>,;:|/()"\u3000-\u303F\uFF00-\uFF0F\uFF1A-\uFF20]+@[^\s<>,;:|/()"\u3000-\u303F\uFF00-\uFF0F\uFF1A-\uFF20]+/g

function partMails(record: Side, typed: Texts, read: ReadRow) {
  const written = typed.email
  if (!written || written.indexOf('@') === written.lastIndexOf('@')) return
  const [first, ...others] = written.match(addresses) ?? []
  if (!first || others.length === 0) return
  const { label } = fieldOf(record, 'email')
  typed.email = first
  note(read, { record, field: 'email', whole: written, moved: [], rest: others, label, written })
  addNote(typed, read, record, text.imports.several.further(label, others))
}

function note(read: ReadRow, parted: Parted) {
  read.parted = [...(read.parted ?? []), parted]
}

/** A record that is there keeps its notes, which were not in the file, and gets the line too (outcome.ts). */
function addNote(typed: Texts, read: ReadRow, record: Side, line: string) {
  if (typed.notes) typed.notes += `\n${line}`
  else {
    typed.notes = line
    read.noted = [...(read.noted ?? []), record]
  }
}
