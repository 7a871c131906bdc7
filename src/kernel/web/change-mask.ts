import { text } from '../../texts/index.ts'
import type { Change } from '../history/history.ts'
import { moduleNamed } from '../modules/catalogue.ts'
import { rightOf } from '../modules/module.ts'
import type { Mask } from './changes.ts'
import type { Field } from './fields.ts'
import { maskText } from './masks.ts'
import type { Viewer } from './viewer.ts'

/** What this person may read of the values in the history; without the right to look at such records, none. */
export const maskFor =
  (viewer: Viewer, seen?: Seen): Mask =>
  (table, name, shown, value) => {
    if (shown !== '' && isHidden(table, viewer)) return text.auditLog.hidden
    const field = fieldsIn(table).find((one) => one.name === name)
    const targets = targetsOf(table, name, field)
    const isSeen = () => seen?.(name, value) ?? targets.every((to) => seesAll(viewer, to))
    if (targets.length > 0 && shown !== '' && !isSeen()) return text.form.link.hidden
    return maskText(field, shown, viewer)
  }

/** The modules at which a field points, or the lines that are called so. */
function targetsOf(table: string, name: string, field: Field | undefined): string[] {
  const lines = moduleNamed(table)?.lines?.find((one) => one.name === name)?.fields ?? []
  return [...(field ? [field] : []), ...lines].flatMap(({ to }) => to ?? [])
}

/** Whether this person may see the record that a field points at. */
type Seen = (name: string, value: unknown) => boolean

/** Where it is not asked which records somebody sees, their names are read by who sees all. */
const seesAll = (viewer: Viewer, to: string) => {
  const module = moduleNamed(to)
  const view = module && rightOf(module, 'view')
  return view !== undefined && viewer.can(view) && (module?.owner === 'nobody' || viewer.scope(view) === 'all')
}

const fieldsIn = (table: string): Field[] => moduleNamed(table)?.fields ?? []

/** What belongs to people is read by nobody without the right to look at any of it. */
function isHidden(table: string, viewer: Viewer): boolean {
  const module = moduleNamed(table)
  return module !== undefined && module.owner !== 'nobody' && !viewer.can(rightOf(module, 'view'))
}

/** The stored changes of an event with the values masked; null without any. */
export function maskedChanges(table: string | null, stored: string | null, viewer: Viewer): string | null {
  if (!stored || !table || fieldsIn(table).length === 0) return stored
  const mask = maskFor(viewer)
  const changes = JSON.parse(stored) as Change[]
  const masked = changes.map(({ field, before, after, beforeText, afterText }) => {
    const texts = {
      beforeText: mask(table, field, beforeText, before),
      afterText: mask(table, field, afterText, after),
    }
    const isMasked = texts.beforeText !== beforeText || texts.afterText !== afterText
    return { field, ...(isMasked ? { before: before && null, after: after && null } : { before, after }), ...texts }
  })
  return JSON.stringify(masked)
}
