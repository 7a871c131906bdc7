import type { FastifyRequest } from 'fastify'
import type { Customer } from '../../customers/customers/customer.ts'
import type { Permission } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { FieldError } from '../web/form.ts'
import { showInstant } from '../web/formatting.ts'
import { mayWith } from '../web/reach.ts'
import { newFormId } from '../web/submissions.ts'
import type { StoredFile } from './file.ts'
import { type FileKind, fits, kindNames, kinds } from './kinds.ts'
import { filePath, filesPath } from './path.ts'
import { showSize } from './size.ts'

export type Refused = { kind: FileKind; message: string }
type Shown = { customer: Customer; files: StoredFile[]; reference: Reference; refused?: Refused | undefined }

const columns = (['name', 'size', 'user', 'created_at', 'deletion'] as const).map((name) => ({
  name,
  label: text.files.columns[name],
  align: name === 'size' ? 'end' : 'start',
  sortHref: null,
  sorted: null,
}))

/** The kinds of files this person may see. */
export const seenKinds = (request: FastifyRequest, customer: Customer) =>
  kindNames.filter((kind) => mayDo(request, customer, kind, 'view'))

const mayDo = (request: FastifyRequest, customer: Customer, kind: FileKind, action: 'view' | 'create' | 'delete') =>
  mayWith(request, customer)(`${kinds[kind].module}.${action}` satisfies Permission)

/** The files of a customer, a section for each kind, as views/kernel/files/index.eta wants them. */
export function filesView(request: FastifyRequest, { customer, files, reference, refused }: Shown) {
  const sections = seenKinds(request, customer)
    .map((kind) => sectionOf(request, customer, kind, files, reference, refused))
    .filter(({ rows, pictures, form }) => rows.length > 0 || pictures.length > 0 || form)
  return { sections, errors: refused ? [errorOf(refused)] : [], formId: `upload-${refused?.kind}` }
}

const errorOf = ({ kind, message }: Refused): FieldError => ({
  field: 'file',
  label: text.files.kinds[kind],
  message,
})

function sectionOf(
  request: FastifyRequest,
  customer: Customer,
  kind: FileKind,
  all: StoredFile[],
  reference: Reference,
  refused?: Refused,
) {
  const files = all.filter((file) => file.kind === kind)
  const { isPicture } = kinds[kind]
  return {
    kind,
    title: text.files.kinds[kind],
    empty: text.files.nothingYet,
    pictures: isPicture ? files.map((file) => pictureOf(request, customer, file)) : [],
    columns: columns.filter(({ name }) => name !== 'deletion' || mayDo(request, customer, kind, 'delete')),
    rows: isPicture ? [] : files.map((file) => rowOf(request, customer, file, reference)),
    form: fits(kind, customer) && mayDo(request, customer, kind, 'create') ? uploadForm(customer, kind, refused) : null,
  }
}

function pictureOf(request: FastifyRequest, customer: Customer, file: StoredFile) {
  const path = filePath(customer.id, file)
  return {
    href: path,
    thumbnail: `${path}/thumbnail`,
    name: file.name,
    facts: `${showSize(file.size_bytes)} · ${showInstant(file.created_at)}`,
    deletionHref: mayDo(request, customer, file.kind, 'delete') ? `${path}/deletion` : null,
  }
}

function rowOf(request: FastifyRequest, customer: Customer, file: StoredFile, reference: Reference) {
  const path = filePath(customer.id, file)
  const cells = [
    { text: file.name, href: path },
    { text: showSize(file.size_bytes) },
    { text: reference.person(file.user_id)?.name ?? '' },
    { text: showInstant(file.created_at) },
    { text: text.actions.delete, href: `${path}/deletion` },
  ]
  return { href: path, cells: mayDo(request, customer, file.kind, 'delete') ? cells : cells.slice(0, -1) }
}

function uploadForm(customer: Customer, kind: FileKind, refused?: Refused) {
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
    id: `upload-${kind}`,
    action: filesPath(customer.id, kind),
    formId: newFormId(),
    field,
    error: refused?.kind === kind ? refused.message : undefined,
    submitLabel: text.files.upload,
  }
}
