import type { FastifyRequest } from 'fastify'
import { foldableFields, optionalFields } from '../../customers/customers/required-fields.ts'
import { singleLine } from '../../kernel/china/text.ts'
import { patternProblem } from '../../kernel/numbers.ts'
import { check, choice, code, type Field, type FieldKind, integer, line } from '../../kernel/web/fields.ts'
import { type FieldGroup, withoutFields } from '../../kernel/web/form.ts'
import { several } from '../../kernel/web/multi-value.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { branchCode } from '../../people/departments/fields.ts'
import { roleOptions } from '../../people/users/roles.ts'
import { text } from '../../texts/index.ts'
import { shortestRetention } from '../audit-log/retention.ts'
import { backupDays } from '../backups/days.ts'

const texts = text.settings

const longestCode = 40

/** The pattern of a code (kernel/numbers.ts). */
const pattern: FieldKind = {
  ...line,
  parse: (typed) => {
    const value = singleLine(typed)
    const problem = patternProblem(value, longestCode)
    if (problem) throw problem === 'form' ? texts.pattern : texts.patternTooLong
    return value
  },
}

const areaCode: FieldKind = {
  ...line,
  parse: (typed) => {
    if (!/^0\d{2,3}$/.test(singleLine(typed))) throw texts.areaCode
    return singleLine(typed)
  },
}

const field = (name: keyof typeof texts.fields, kind: FieldKind, more: Partial<Field> = {}): Field => ({
  name,
  label: texts.fields[name],
  kind,
  isRequired: true,
  ...more,
})

function number(name: keyof typeof texts.fields, [least, most]: [number, number], hint = ''): Field {
  const parse: FieldKind['parse'] = (typed, field, reference) => {
    const value = integer.parse(typed, field, reference) as number
    if (value < least || value > most) throw texts.outside(least, most)
    return value
  }
  return field(name, { ...integer, parse }, { hint: texts.between(least, most) + hint })
}

/** Who may not give roles must not give one to all new accounts either. */
const newUserRole: Field = field('newUserRole', choice, {
  options: roleOptions,
  isRequired: false,
  hint: texts.newUserRoleHint,
})

/** The groups as this person may change them. */
export const changeableGroups = (request: FastifyRequest): FieldGroup[] =>
  request.can('roles.assign') ? settingsGroups : withoutFields(settingsGroups, new Set([newUserRole.name]))

const backupDayOptions = () => backupDays.map((value) => ({ value, label: text.backups.days[value] }))
const optionsOf = (fields: Field[]) => () => fields.map(({ name, label }) => ({ value: name, label }))

/** The settings page; names as in settings.ts, with lists as one text. */
export const settingsGroups: FieldGroup[] = [
  {
    title: texts.company,
    fields: [field('companyName', line, { max: 50 }), field('areaCode', areaCode, { hint: texts.areaCodeHint })],
  },
  {
    title: texts.codes,
    fields: [
      field('customerCodePattern', pattern, { max: longestCode }),
      field('contactCodePattern', pattern, { max: longestCode }),
    ],
  },
  {
    title: texts.people,
    fields: [
      field('isEmployeeNumberRuled', check, { hint: texts.numberRuleHint }),
      field('employeeBranchCode', branchCode, { max: 4, hint: texts.branchCodeHint }),
      newUserRole,
    ],
  },
  {
    title: texts.customers,
    fields: [
      field('requiredCustomerFields', several, {
        options: optionsOf(optionalFields),
        isRequired: false,
        isWide: true,
        hint: texts.requiredHint,
      }),
      field('shortCustomerFields', several, {
        options: optionsOf(foldableFields),
        isRequired: false,
        isWide: true,
        hint: texts.shortHint,
      }),
      field('emptyWords', line, { max: 200, isRequired: false, isWide: true, hint: texts.emptyWordsHint }),
    ],
  },
  {
    title: texts.security,
    fields: [
      number('idleMinutes', [5, 1_440]),
      number('longestSessionHours', [1, 168]),
      number('failuresBeforeLock', [3, 20], texts.failuresHint),
      number('lockMinutes', [1, 1_440], texts.lockHint),
      number('senderFailuresBeforeLock', [5, 1_000], texts.senderHint),
      number('shortestPassword', [8, 32]),
      number('passwordKinds', [1, 4]),
      number('passwordHistory', [0, 24]),
      number('passwordDays', [0, 3_650], texts.passwordDaysHint),
      field('mayPasswordHoldUsername', check, { isRequired: false }),
    ],
  },
  {
    title: texts.backups,
    fields: [
      field('backupDay', code, { options: backupDayOptions }),
      number('backupHour', [0, 23], texts.backupHourHint),
      number('backupsKept', [1, 100], texts.backupsKeptHint),
    ],
  },
  { title: texts.log, fields: [number('logRetentionDays', [shortestRetention, 36_500])] },
]

export const settingsFields: Field[] = settingsGroups.flatMap((group) => group.fields)

/** The settings are one record, whose history is kept like that of others. */
export const settingsKind: RecordKind = {
  table: 'settings',
  fields: settingsFields,
  nameOf: () => texts.title,
  parts: { setup: text.setup.title },
}
