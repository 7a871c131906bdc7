import { rangedModules, rightsOfModules } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import { type Body, type FieldError, formView, typedIn } from '../../kernel/web/form.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { headFields, maskField, moduleFields, rangeFields } from './fields.ts'

type Form = {
  typed: Body
  errors?: FieldError[]
  reference: Reference
  title: string
  action: string
  cancelHref: string
  version?: number
}

/** The form of a role as views/people/roles/form.eta wants it: its name, the matrix of rights, and what it must not see whole. */
export function roleForm({ title, version, typed, ...parts }: Form) {
  const formId = version === undefined ? typedIn(typed, 'form_id') || newFormId() : null
  const ticked = Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  )
  const view = formView({
    id: 'role',
    groups: [
      { title: '', fields: headFields },
      { title: text.roles.permissions, fields: [...moduleFields(), ...rangeFields()] },
      { title: text.roles.fields.masks, fields: [maskField] },
    ],
    typed: ticked,
    version,
    formId,
    ...parts,
  })
  const [head, rights, masks] = view.form.groups
  const fieldOf = (name: string) => rights?.fields.find((field) => field.name === name)
  const lines = rightsOfModules().map(({ name }) => ({
    field: fieldOf(`module_${name}`),
    ranges: rangedModules().includes(name) ? ['view', 'change'].map((kind) => fieldOf(`range_${name}_${kind}`)) : null,
  }))
  return { title, errors: view.errors, form: { ...view.form, groups: [head, masks] }, lines }
}
