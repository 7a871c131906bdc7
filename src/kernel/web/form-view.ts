import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { withKeepBoxes } from './field-rules.ts'
import { fieldView } from './field-view.ts'
import type { FieldError, FieldGroup } from './form.ts'

type FormParts = {
  id: string
  /** A form that only asks what comes next is sent as an address. */
  method?: 'get' | 'post'
  action: string
  groups: FieldGroup[]
  /** The texts in the fields, by name. */
  typed: Record<string, unknown>
  errors?: FieldError[]
  reference: Reference
  formId?: string | null
  version?: number | null
  /** What goes with the form unseen, by name. */
  hidden?: Record<string, string>
  submitLabel?: string
  /** Further buttons, which send what they are called by. */
  otherSubmits?: { name: string; value: string; label: string }[]
  cancelHref: string
  /** The fields that are shown at once, beside those that are required; all where there is none. */
  short?: readonly string[] | undefined
  /** What stood in the fields before anybody typed. */
  presets?: Record<string, unknown>
}

type GroupView = {
  title: string
  fields: ReturnType<typeof fieldView>[]
  only?: string | undefined
  /** Names of the fields that are folded. */
  folded?: string[]
}

/** A form as views/shared/_form.eta wants it. */
export function formView({
  groups,
  typed,
  errors = [],
  reference,
  submitLabel = text.common.save,
  formId = null,
  version = null,
  hidden = {},
  short,
  presets = {},
  ...rest
}: FormParts) {
  const shown = withKeepBoxes(groups, typed, errors).map(({ title, fields, only }): GroupView => {
    const views = fields.map((field) => fieldView(field, typed, errors, reference))
    return { title, only, fields: views, folded: foldedIn(views, short, presets) }
  })
  const form = { method: 'post', ...rest, formId, version, hidden, submitLabel, groups: shown }
  return { form: { ...form, focus: focusOf(groups, errors) }, errors }
}

type View = { name: string; isRequired: boolean; value: string; error?: string | undefined }

/** Which fields of a group are folded: those that are not in the short form, as long as nothing stands in them or is wrong. */
function foldedIn(views: View[], short: readonly string[] | undefined, presets: Record<string, unknown>): string[] {
  if (!short) return []
  const isSaid = ({ name, value, error }: View) => error || (value && value !== presets[name])
  return views.filter((one) => !one.isRequired && !short.includes(one.name) && !isSaid(one)).map(({ name }) => name)
}

/** The field one begins with: the first that is wrong, or the first of all. */
const focusOf = (groups: FieldGroup[], errors: FieldError[]): string | undefined =>
  errors.find(({ field }) => field)?.field ?? groups.flatMap(({ fields }) => fields)[0]?.name
