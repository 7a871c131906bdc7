import type { FormPage, OnForm } from '../../kernel/modules/page-views.ts'
import { rangedModules, rightsOfModules } from '../../kernel/permissions.ts'
import { text } from '../../texts/index.ts'
import { headFields, maskField } from './fields.ts'

/** The form of a role as views/people/roles/form.eta wants it: its name, the matrix of rights, and what it must not see whole. */
export function roleForm(page: FormPage, { record }: OnForm): FormPage & { matrix: unknown } {
  const fields = page.form.groups.flatMap((group) => group.fields)
  const named = (name: string) => fields.filter((field) => field.name === name)
  const matrix = rightsOfModules().map(({ name }) => ({
    field: named(`module_${name}`)[0],
    ranges: rangedModules().includes(name) ? ['view', 'change'].flatMap((kind) => named(`range_${name}_${kind}`)) : [],
  }))
  const groups = [headFields, [maskField]].map((some) => ({
    title: '',
    fields: some.flatMap(({ name }) => named(name)),
  }))
  const title = record ? text.roles.edit(String(record.name)) : page.title
  return { ...page, title, view: 'people/roles/form', form: { ...page.form, id: 'role', groups }, matrix }
}
