import { isNamelessCity } from '../../kernel/china/regions.ts'
import type { ModuleField } from '../../kernel/modules/module.ts'
import {
  choice,
  code,
  creditCode,
  email,
  type Field,
  line,
  long,
  phone,
  postcode,
  website,
} from '../../kernel/web/fields.ts'
import type { FieldGroup } from '../../kernel/web/form.ts'
import { several } from '../../kernel/web/multi-value.ts'
import { entriesOf, peopleOptions } from '../../kernel/web/options.ts'
import {
  amount,
  bankAccount,
  birthday,
  comingDay,
  identityNumber,
  pastDay,
  points,
} from '../../kernel/web/ruled-kinds.ts'
import { text } from '../../texts/index.ts'
import { tagOptions } from '../tags/fields.ts'

const { fields: labels, hints, kinds, sexes } = text.customers
type Name = keyof typeof labels

const field = (name: Name, kind: Field['kind'], more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  hint: hints[name as keyof typeof hints],
  kind,
  ...more,
})
/** The box that keeps a value of the field although it is wrong. */
const keep = (name: Name) => ({ name, label: labels[name] })
const entry = (name: Name, dictionary: string) => field(name, choice, { options: entriesOf(dictionary) })
const coded = (names: Record<string, string>) => () => Object.entries(names).map(([value, label]) => ({ value, label }))
/** Divisions are chosen among those below the one above (platform/dictionaries/division-fields.ts); their names are read from the code. */
const division = (name: Name) =>
  field(name, {
    ...line,
    control: 'choice',
    show: (value, _field, reference) =>
      isNamelessCity(value) ? '' : (reference.division(value as string)?.name ?? ''),
  })

/** Which tags a customer has. */
export const tagged = { table: 'customer_tags', record: 'customer_id', value: 'tag_id', of: 'tags' } as const

/** The customer file of spec 2.2, in the order of the form. */
export const customerGroups: (FieldGroup & { fields: ModuleField[] })[] = [
  {
    title: text.customers.basic,
    fields: [
      field('name', line, { isCopied: true, max: 100, isRequired: true }),
      field('code', line, { max: 40, isUnique: true }),
      field('short_name', line, { max: 50 }),
      field('kind', code, { options: coded(kinds), isRequired: true }),
      field('legal_representative', line, { max: 50 }),
      field('owner_id', choice, { options: peopleOptions, isRequired: true }),
      field('phone', phone, { isCopied: true, max: 100, mask: 'phone' }),
      field('phone2', phone, { isCopied: true, max: 100, mask: 'phone' }),
      field('mobile', phone, { isCopied: true, max: 100, mask: 'phone' }),
      field('fax', phone, { max: 100, mask: 'phone' }),
      field('email', email, { isCopied: true, max: 100, mask: 'mail' }),
      field('website', website, { max: 200 }),
      field('registered_on', pastDay, { isRequired: true }),
      field('next_contact_on', comingDay),
    ],
  },
  {
    title: text.customers.detail,
    fields: [
      entry('level_id', 'customer-levels'),
      entry('source_id', 'customer-sources'),
      entry('type_id', 'customer-types'),
      entry('status_id', 'customer-states'),
      entry('industry_id', 'industries'),
      entry('ownership_id', 'ownerships'),
      entry('importance_id', 'importances'),
      entry('region_id', 'sales-regions'),
      division('province_code'),
      division('city_code'),
      division('district_code'),
      field('address', line, { isCopied: true, max: 200 }),
      field('postcode', postcode, { max: 6 }),
      field('tag_ids', several, { options: tagOptions, isWide: true, isLinked: true, linked: tagged }),
    ],
  },
  {
    title: text.customers.finance,
    fields: [
      field('credit_code', creditCode, { isCopied: true, max: 20, keep: keep('is_credit_code_kept') }),
      field('bank', line, { max: 100 }),
      field('bank_account', bankAccount, { isCopied: true, max: 40, mask: 'bank' }),
      entry('credit_rating_id', 'credit-ratings'),
      field('credit_limit_cents', amount),
      field('points', points),
      field('notes', long, { max: 4000, isWide: true }),
    ],
  },
  {
    title: text.customers.person,
    only: 'person',
    fields: [
      field('sex', code, { options: coded(sexes) }),
      field('birthday_on', birthday),
      field('occupation', line, { max: 50 }),
      field('identity_number', identityNumber, {
        max: 20,
        mask: 'identity',
        keep: keep('is_identity_number_kept'),
      }),
    ],
  },
]

export const customerFields: ModuleField[] = customerGroups.flatMap((group) => group.fields)

/** What only persons have. */
export const personFields: ReadonlySet<string> = new Set(
  customerGroups.flatMap(({ only, fields }) => (only === 'person' ? fields.map(({ name }) => name) : [])),
)

/** A declared field by its name. */
export const customerField = (name: Name): Field => customerFields.find((field) => field.name === name) as Field

/** The columns of which each value is counted (customers/customers/tallies.ts) and found through the search index. */
export const facets = [
  'kind',
  'owner_id',
  'level_id',
  'source_id',
  'type_id',
  'status_id',
  'industry_id',
  'ownership_id',
  'importance_id',
  'credit_rating_id',
  'region_id',
  'province_code',
  'city_code',
  'district_code',
] as const
