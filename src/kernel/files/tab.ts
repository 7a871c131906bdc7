import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { FieldError } from '../web/form.ts'
import { showInstant } from '../web/formatting.ts'
import { onCard } from '../web/on-card.ts'
import { newFormId } from '../web/submissions.ts'
import type { StoredFile } from './file.ts'
import type { HeldRecord, RecordsWithFiles } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { filePath, filesPath } from './path.ts'
import { showSize } from './size.ts'

export type Refused = { kind: FileKind; message: string }
type May = (permission: Permission) => boolean
type Shown = {
  records: RecordsWithFiles
  record: HeldRecord
  may: May
  files: StoredFile[]
  reference: Reference
  refused?: Refused | undefined
  /** Where an upload on its card leads back to. */
  cardHref?: string | undefined
}

const columns = (['name', 'size', 'user', 'created_at', 'deletion'] as const).map((name) => ({
  name,
  label: text.files.columns[name],
  align: name === 'size' ? 'end' : 'start',
  sortHref: null,
  sorted: null,
}))

/** Of these kinds of files those that a person may see. */
export const seenKinds = (kinds: readonly FileKind[], may: May) => kinds.filter((kind) => may(rightOn(kind, 'view')))

const rightOn = (kind: FileKind, act: 'view' | 'create' | 'delete'): Permission => `${kinds[kind].module}.${act}`

/** The files of a record, a section for each kind, as views/kernel/files/index.eta wants them. */
export function filesView(shown: Shown) {
  const { refused } = shown
  const sections = seenKinds(shown.records.kinds, shown.may)
    .map((kind) => sectionOf(shown, kind))
    .filter(({ rows, pictures, form }) => rows.length > 0 || pictures.length > 0 || form)
  return { sections, errors: refused ? [errorOf(refused)] : [], formId: refused && uploadId(refused.kind) }
}

const errorOf = ({ kind, message }: Refused): FieldError => ({
  field: 'file',
  label: text.files.kinds[kind],
  message,
})

function sectionOf({ records, record, may, files: all, reference, refused, cardHref }: Shown, kind: FileKind) {
  const files = all.filter((file) => file.kind === kind)
  const { isPicture } = kinds[kind]
  const path = `${records.path}/${record.id}`
  const mayDelete = may(rightOn(kind, 'delete'))
  const isTaken = may(rightOn(kind, 'create')) && !records.whyNot?.(kind, record)
  return {
    kind,
    title: text.files.kinds[kind],
    empty: text.files.nothingYet,
    pictures: isPicture ? files.map((file) => pictureOf(filePath(path, file), file, mayDelete)) : [],
    columns: columns.filter(({ name }) => name !== 'deletion' || mayDelete),
    rows: isPicture ? [] : files.map((file) => rowOf(filePath(path, file), file, mayDelete, reference)),
    form: isTaken ? uploadForm(filesPath(path, kind), kind, { refused, cardHref }) : null,
  }
}

const pictureOf = (path: string, file: StoredFile, mayDelete: boolean) => ({
  href: path,
  thumbnail: `${path}/thumbnail`,
  name: file.name,
  facts: `${showSize(file.size_bytes)} · ${showInstant(file.created_at)}`,
  deletionHref: mayDelete ? `${path}/deletion` : null,
})

function rowOf(path: string, file: StoredFile, mayDelete: boolean, reference: Reference) {
  const cells = [
    { text: file.name, href: path },
    { text: showSize(file.size_bytes) },
    { text: reference.person(file.user_id)?.name ?? '' },
    { text: showInstant(file.created_at) },
    { text: text.actions.delete, href: `${path}/deletion` },
  ]
  return { href: path, cells: mayDelete ? cells : cells.slice(0, -1) }
}

export const uploadId = (kind: FileKind) => `upload-${kind}`

function uploadForm(action: string, kind: FileKind, { refused, cardHref }: Pick<Shown, 'refused' | 'cardHref'>) {
  const { isPicture, mostBytes } = kinds[kind]
  const field = {
    name: 'file',
    label: text.files.kinds[kind],
    kind: 'file',
    value: '',
    isRequired: true,
    hint: text.files.hints[kind](showSize(mostBytes)),
    accept: isPicture ? 'image/jpeg,image/png,image/webp' : undefined,
    isWide: true,
  }
  return {
    id: uploadId(kind),
    action: cardHref ? onCard(action) : action,
    cancelHref: cardHref,
    formId: newFormId(),
    field,
    error: refused?.kind === kind ? refused.message : undefined,
    submitLabel: text.files.upload,
  }
}
