import { singleLine } from '../../kernel/china/text.ts'
import type { ModuleField } from '../../kernel/modules/module.ts'
import { choice, type FieldKind, line } from '../../kernel/web/fields.ts'
import { departmentOptions, peopleOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'

const { fields: labels, hints } = text.departments

/** Two letters and two digits, with which the numbers of all people of a branch begin [S8]. */
export const branchCode: FieldKind = {
  ...line,
  parse: (typed) => {
    const code = singleLine(typed).normalize('NFKC').toUpperCase()
    if (!/^[A-Z]{2}\d{2}$/.test(code)) throw text.departments.branchCode
    return code
  },
}

const field = (name: keyof typeof labels, kind: FieldKind, more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  hint: hints[name as keyof typeof hints],
  kind,
  ...more,
})

export const departmentFields = [
  field('name', line, { max: 50, isRequired: true }),
  field('parent_id', choice, { options: departmentOptions }),
  field('head_id', choice, { options: peopleOptions }),
  field('branch_code', branchCode, { max: 4 }),
]
