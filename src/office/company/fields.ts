import { creditCode, email, type Field, line, phone, postcode, website } from '../../kernel/web/fields.ts'
import type { FieldGroup } from '../../kernel/web/form.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { bankAccount } from '../../kernel/web/ruled-kinds.ts'
import { text } from '../../texts/index.ts'

const t = text.company

const field = (name: keyof typeof t.fields, kind: Field['kind'], more: Partial<Field> = {}): Field => ({
  name,
  label: t.fields[name],
  kind,
  ...more,
})

/** 「我方信息」 [S16]. The name is the setting that stands on every page. */
export const companyGroups: FieldGroup[] = [
  {
    title: t.basic,
    fields: [
      field('name', line, { max: 50, isRequired: true, isLinked: true }),
      field('short_name', line, { max: 50 }),
      field('address', line, { max: 200, isWide: true }),
      field('postcode', postcode, { max: 6 }),
      field('phone', phone, { max: 100 }),
      field('phone2', phone, { max: 100 }),
      field('fax', phone, { max: 100 }),
      field('email', email, { max: 100 }),
      field('website', website, { max: 200 }),
    ],
  },
  {
    title: t.finance,
    fields: [
      field('bank', line, { max: 100 }),
      field('bank_account', bankAccount, { max: 40, hint: text.form.hints.account }),
      field('credit_code', creditCode, { max: 20 }),
    ],
  },
]

export const companyFields: Field[] = companyGroups.flatMap((group) => group.fields)

export const companyKind: RecordKind = {
  table: 'company',
  fields: companyFields,
  nameOf: (row) => String(row.name ?? t.title),
  parts: t.pictures,
}
