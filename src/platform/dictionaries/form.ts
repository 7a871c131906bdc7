import type { FormPage } from '../../kernel/modules/page-views.ts'
import { text } from '../../texts/index.ts'
import { tone, toneOptions } from './fields.ts'

/** The form of an entry, with its colours shown as they look. */
export function entryForm(page: FormPage): FormPage {
  const options = [{ value: '', label: text.dictionaries.noTone, tone: undefined }, ...toneOptions()]
  const groups = page.form.groups.map(({ title, fields }) => ({
    title,
    fields: fields.map((field) =>
      field.name === tone.name
        ? {
            ...field,
            kind: 'radio' as never,
            options: options.map((one) => ({ ...one, isSelected: one.value === field.value })),
          }
        : field,
    ),
  }))
  return { ...page, form: { ...page.form, id: 'entry', groups } }
}
