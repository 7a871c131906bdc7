import { maskIdentity, maskMail, maskPhones, maskToEnd } from '../china/masking.ts'
import type { MaskGroup } from '../permissions.ts'
import type { Field } from './fields.ts'
import type { Viewer } from './viewer.ts'

type Masked = { field: Field; group: MaskGroup }

const ways: Record<MaskGroup, (text: string) => string> = {
  phone: maskPhones,
  mail: maskMail,
  bank: maskToEnd,
  identity: maskIdentity,
}

const isFilled = (value: unknown) => value !== null && value !== undefined && value !== ''

const maskedKept = new WeakMap<Viewer, WeakMap<Field[], Masked[]>>()

/** The fields whose content this person must not read, found once for all rows. */
function maskedFor(viewer: Viewer, fields: Field[]): Masked[] {
  const kept = maskedKept.get(viewer) ?? new WeakMap<Field[], Masked[]>()
  maskedKept.set(viewer, kept)
  const masked =
    kept.get(fields) ??
    fields.flatMap((field) => (field.mask && viewer.isMasked(field.mask) ? [{ field, group: field.mask }] : []))
  kept.set(fields, masked)
  return masked
}

/** A record as this person may read it: the one place where fields are masked before a page, a file or a print is made of it. */
export function maskRow<R extends Record<string, unknown>>(row: R, fields: Field[], viewer: Viewer): R {
  const masked = maskedFor(viewer, fields)
  if (masked.length === 0) return row
  const changes = masked
    .filter(({ field }) => isFilled(row[field.name]))
    .map(({ field, group }) => [field.name, ways[group](String(row[field.name]))])
  return changes.length > 0 ? { ...row, ...Object.fromEntries(changes) } : row
}

/** What is shown of a text that stood in a field. */
export const maskText = (field: Field | undefined, shown: string, viewer: Viewer): string =>
  field?.mask && shown && viewer.isMasked(field.mask) ? ways[field.mask](shown) : shown

/** The fields that a form leaves out, because what stands in them must not be read; an empty one may be filled in. */
export const hiddenIn = (row: Record<string, unknown>, fields: Field[], viewer: Viewer): ReadonlySet<string> =>
  new Set(
    maskedFor(viewer, fields)
      .map(({ field }) => field.name)
      .filter((name) => isFilled(row[name])),
  )

/** What was typed, without that by which this person must not find anybody. */
export const withoutMasked = <V extends Record<string, unknown>>(values: V, fields: Field[], viewer: Viewer): V => ({
  ...values,
  ...Object.fromEntries(maskedFor(viewer, fields).map(({ field }) => [field.name, undefined])),
})
