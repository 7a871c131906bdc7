import { today } from '../../kernel/china/clock.ts'
import { numbered } from '../../kernel/numbers.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Body, FieldError, FieldGroup } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { text } from '../../texts/index.ts'
import { settingsGroups } from './fields.ts'

type Parts = { groups: FieldGroup[]; typed: Body; errors?: FieldError[]; reference: Reference; version: number }

/** The form of the settings, with a sample of each kind of code. */
export function settingsForm(parts: Parts) {
  const address = { action: '/settings', cancelHref: '/settings' }
  const view = formView({ id: 'settings', ...address, ...parts })
  for (const field of view.form.groups.flatMap(({ fields }) => fields))
    if (field.name.endsWith('CodePattern')) field.hint = text.settings.patternHint(numbered(field.value, 1, today()))
  return view
}

/** The settings for one who may not change them, as views/shared/_card.eta wants them. */
export const settingsCard = (settings: Body, reference: Reference) => ({
  title: text.settings.title,
  groups: settingsGroups.map(({ title, fields }) => ({
    title,
    items: fields.map((field) => ({
      label: field.label,
      text: field.kind.show(settings[field.name], field, reference),
      isWide: field.isWide,
    })),
  })),
})
