import type { FastifyInstance, FastifyRequest } from 'fastify'
import { givenCustomers } from '../../customers/customers/selecting.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { check, type Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, readForm, switchedOffErrors, typedIn } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import type { IdParams } from '../../kernel/web/params.ts'
import { forbidden } from '../../kernel/web/refusal.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { type Given, reasonField, receiverField, receiverFor } from '../../kernel/web/transfer-form.ts'
import { text } from '../../texts/index.ts'
import { isAboveOneself } from '../users/account.ts'
import { findUser, type User } from '../users/user.ts'
import { countOwned, givenBy, type Handed, type Owned, totalOf } from './handed.ts'
import { mayHandOver, type Wanted } from './handover.ts'
import { readShares, shareFields, type Way, ways } from './shares.ts'

const t = text.handovers

const reason: Field = { ...reasonField(givenCustomers.noun), isRequired: true }
const leaving: Field = { name: 'is_leaving', label: t.leavingField, kind: check, hint: t.leavingHint, isWide: true }
const successor = (giver: User, name: string, label: string, hint: string): Field => ({
  ...receiverField(givenCustomers.column),
  name,
  label,
  hint,
  isRequired: false,
  options: (reference) =>
    peopleOptions(reference).map((option) =>
      option.value === String(giver.id) ? { ...option, isActive: false, refusal: t.successorIsGiver } : option,
    ),
})

export type Asked = {
  giver: User
  /** Whether the one who hands over may close the account. */
  mayClose: boolean
  way: Way
  reference: Reference
  owned: Owned[]
  subordinates: number
  headed: string[]
  shareFields: Field[]
}

/** What somebody has to hand over, and the fields to say to whom. */
export async function asked({ db }: FastifyInstance, request: FastifyRequest<IdParams>): Promise<Asked> {
  const reference = await referenceAt(db, request.revision)
  const giver = await findUser(db, request.params.id)
  if (!mayHandOver(request, giver.id)) throw forbidden()
  const owned = await countOwned(db, givenBy(request, giver.id), giver.id)
  const way = waysFor(owned).find((one) => one === typedIn(request.query as Body, 'by')) ?? 'one'
  const [first = givenCustomers, ...others] = owned.filter((one) => totalOf([one]) > 0).map(({ kind }) => kind)
  const given: [Given, ...Given[]] = [first, ...others]
  const receiver = await receiverFor(db, request.revision, given, { id: giver.id, refusal: t.receiverIsGiver })
  const below = reference.people.filter(({ superior_id, status }) => superior_id === giver.id && status !== 'left')
  return {
    giver,
    mayClose: giver.status !== 'left' && !(await isAboveOneself(db, request, giver.id)),
    way,
    reference,
    owned,
    subordinates: below.length,
    headed: reference.departments.filter(({ head_id }) => head_id === giver.id).map(({ name }) => name),
    shareFields: totalOf(owned) > 0 ? await shareFields(db, { id: giver.id, receiver }, way, reference) : [],
  }
}

/** By a field of customers only where there are some. */
const waysFor = (owned: Owned[]): Way[] =>
  totalOf(owned) === 0
    ? []
    : ways.filter((way) => way === 'one' || way === 'even' || totalOf(owned.filter(isOfCustomers)) > 0)
const isOfCustomers = ({ kind }: Owned) => kind.name === 'customers'

const successorFields = ({ giver, subordinates, headed }: Asked) => [
  ...(subordinates > 0
    ? [successor(giver, 'new_superior_id', t.newSuperior, t.newSuperiorHint(showCount(subordinates)))]
    : []),
  ...(headed.length > 0 ? [successor(giver, 'new_head_id', t.newHead, t.newHeadHint(text.common.listed(headed)))] : []),
]

/** The page that shows what will move and asks to whom. */
export function handoverPage(
  request: FastifyRequest,
  form: Asked,
  { typed, errors = [] }: { typed?: Body; errors?: FieldError[] },
) {
  const { giver, way } = form
  const address = `/users/${giver.id}`
  const isLeaving = form.mayClose && giver.id !== request.user?.id
  const first = { is_leaving: isLeaving ? 'true' : '', new_superior_id: giver.superior_id ?? '' }
  const view = formView({
    id: 'handover',
    action: `${address}/handover?by=${way}`,
    groups: [
      ...(form.shareFields.length > 0 ? [{ title: t.byWay(t.ways[way]), fields: form.shareFields }] : []),
      { title: '', fields: [reason, ...(form.mayClose ? [leaving] : []), ...successorFields(form)] },
    ],
    typed: typed ?? first,
    errors,
    reference: form.reference,
    formId: newFormId(),
    submitLabel: t.submit,
    cancelHref: address,
  })
  return { title: t.title(giver.name), summary: summaryOf(request, form), ...view }
}

/** What will move, and the ways to deal it out. */
function summaryOf(request: FastifyRequest, { giver, way, owned, subordinates, headed }: Asked) {
  const below = subordinates > 0 ? `/users?superior_id=${giver.id}` : undefined
  const [customers, ...others] = [...owned.filter(isOfCustomers), ...owned.filter((one) => !isOfCustomers(one))]
  const listHref = `/customers?owner_id=${giver.id}`
  const itemsOf = ({ kind, living, binned }: Owned) => [
    { label: kind.noun, text: showCount(living), href: request.can(kind.view) ? hrefOf(kind, giver) : undefined },
    ...(kind.hasBin ? [{ label: t.binned(kind.noun), text: showCount(binned) }] : []),
  ]
  const found = others.filter((one) => totalOf([one]) > 0)
  return {
    title: t.what,
    items: [
      ...(customers ? itemsOf(customers) : []),
      { label: t.contacts, text: t.goAlong },
      ...found.flatMap(itemsOf),
      { label: t.subordinates, text: showCount(subordinates), href: below },
      { label: t.departments, text: text.common.listed(headed) },
      ...(found.length > 0 ? [{ label: t.note, text: t.othersGoAlong }] : []),
    ],
    link:
      customers && customers.living > 0 && request.can('customers.transfer') ? { href: listHref, label: t.part } : null,
    tabs: waysFor(owned).map((one) => ({
      label: t.ways[one],
      href: `/users/${giver.id}/handover?by=${one}`,
      isCurrent: one === way,
    })),
  }
}

/** The list of what somebody has of a kind, where it has a filter of owners. */
function hrefOf(kind: Handed, { id }: User) {
  const isFiltered =
    kind.name === 'customers' ||
    moduleNamed(kind.name)?.fields.some(({ name, isFilter }) => isFilter && name === kind.column)
  return isFiltered ? `${kind.path}?${kind.column}=${id}` : kind.path
}

/** Reads the form; everything that can be refused without the database is refused here. */
export function readHandover(form: Asked, typed: Body, actorId: number): { wanted: Wanted; errors: FieldError[] } {
  const { giver, way, reference } = form
  const successors = successorFields(form)
  const rest = [reason, ...(form.mayClose ? [leaving] : []), ...successors]
  const { values, errors } = readForm(rest, typed, reference)
  const { shares, errors: shareErrors } =
    form.shareFields.length > 0
      ? readShares(form.shareFields, typed, { way, reference })
      : { shares: { way, receivers: [] }, errors: [] }
  const isLeaving = values.is_leaving === true
  errors.unshift(...shareErrors)
  errors.push(...switchedOffErrors(successors, values, reference))
  if (isLeaving && giver.id === actorId) errors.push(fieldError(leaving, t.notOneself))
  const [superior, head] = [values.new_superior_id ?? null, values.new_head_id ?? null] as (number | null)[]
  const places = { superior: superior ?? null, head: head ?? null }
  return { wanted: { shares, reason: String(values.reason), isLeaving, successors: places }, errors }
}

/** A refusal of the database, at its field or else at the first one. */
export function refusedAt(form: Asked, message: string, name: string | undefined): FieldError {
  const fields = [...form.shareFields, reason, leaving, ...successorFields(form)]
  const field = fields.find((one) => one.name === name) ?? (name === undefined ? fields[0] : leaving)
  return fieldError(field as Field, message)
}
