import type { Knex } from 'knex'
import { acceptedName, isAccepted } from '../../kernel/modules/alike.ts'
import type { Reference } from '../../kernel/reference.ts'
import { type Body, readForm } from '../../kernel/web/form.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { contactField } from '../contacts/fields.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { customerField } from '../customers/fields.ts'
import { type Candidate, findDuplicates, type Match } from './find.ts'
import { evidenceFor } from './refuse.ts'

type Stored = { id: number } & Record<string, unknown>

const names = ['name', 'phone', 'phone2', 'mobile', 'fax', 'email', 'city_code', 'credit_code'] as const
const fields = names.map((name) => ({ ...customerField(name), isRequired: false }))
const tones = { strong: 'red', weak: 'gray' }

/** What stands for no search at all. */
export const noDuplicates = { title: '', matches: [], accept: null, isRefused: false }

/** What of a form tells duplicates; what cannot be read yet, because it is still being typed, counts for nothing. */
export function candidateOf(typed: Body, reference: Reference): Candidate {
  const { values } = readForm(fields, typed, reference)
  if (!typed.contact_mobile) return values
  const contact = readForm([contactField('mobile')], { mobile: typed.contact_mobile }, reference).values
  return { ...values, contacts: [contact] }
}

/** The customers like the one in a form, with the box that accepts them where `isSavable`. */
export async function duplicatesIn(
  db: Knex,
  typed: Body,
  {
    reference,
    viewer,
    before,
    isSavable = true,
  }: { reference: Reference; viewer: Viewer; before?: Stored; isSavable?: boolean },
) {
  const matches = await findDuplicates(db, evidenceFor(viewer, candidateOf(typed, reference)), before)
  const isChecked = isSavable && isAccepted(typed)
  return duplicatesView(db, viewer, matches, { isSavable, isChecked })
}

/** Matches as views/shared/_duplicates.eta wants them; a link only where the customer may be seen. */
export async function duplicatesView(
  db: Knex,
  viewer: Viewer,
  matches: Match[],
  { isRefused = false, isSavable = true, isChecked = false } = {},
) {
  const ids = matches.map(({ id }) => id)
  const visible = new Set<number>(
    ids.length > 0 ? await visibleCustomers(db, viewer).whereIn('customers.id', ids).pluck('id') : [],
  )
  const isStrong = matches.some((match) => match.isStrong)
  return {
    title: isRefused ? text.duplicates.refused : isStrong ? text.duplicates.found : text.duplicates.suggested,
    matches: matches.map((match) => matchView(match, visible)),
    accept: isStrong && isSavable ? { name: acceptedName, label: text.duplicates.accept, isChecked } : null,
    isRefused,
  }
}

function matchView({ id, name, owner, state, evidence, isStrong }: Match, visible: Set<number>) {
  const notes = [text.duplicates.ownedBy(owner), ...(state === 'deleted' ? [text.duplicates.deleted] : [])]
  return {
    name,
    href: visible.has(id) ? `/customers/${id}` : null,
    evidence: text.duplicates.evidence[evidence],
    tone: isStrong ? tones.strong : tones.weak,
    note: text.duplicates.listed(notes),
  }
}

/** The link beside the name that looks for duplicates, at each change of what tells them (views/shared/_field.eta). */
export function liveCheck(formId: string, except?: number) {
  const ids = [...names, ...(except === undefined ? ['contact_mobile'] : [])].map((name) => `#${formId}-${name}`)
  const changes = ids.filter((id) => !id.endsWith('city_code')).map((id) => `input changed delay:400ms from:${id}`)
  return {
    href: except === undefined ? '/customers/duplicates' : `/customers/duplicates?except=${except}`,
    label: text.duplicates.check,
    trigger: ['click', ...changes].join(', '),
    include: ids.join(', '),
    target: '#duplicates',
  }
}
