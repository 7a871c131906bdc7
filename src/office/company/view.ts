import type { FastifyRequest } from 'fastify'
import { showSize } from '../../kernel/files/size.ts'
import type { Reference } from '../../kernel/reference.ts'
import { doubtShown } from '../../kernel/web/field-rules.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import type { Company } from './company.ts'
import { companyGroups } from './fields.ts'
import { type CompanyPicture, type PictureName, pathOf, pictureLimits, pictureNames } from './pictures.ts'

const t = text.company

export type Refused = { kind: PictureName; message: string }
type Pictures = Partial<Record<PictureName, CompanyPicture>>

/** Our data as views/office/company/show.eta wants them; a picture that was refused says so at its field. */
export function companyPage(
  request: FastifyRequest,
  company: Company,
  pictures: Pictures,
  reference: Reference,
  refused?: Refused,
) {
  const mayChange = request.can('company.update')
  return {
    title: t.title,
    card: {
      title: t.title,
      subtitle: company.name,
      actions: [
        ...(mayChange ? [{ label: text.actions.update, href: '/company/edit', kind: 'primary' as const }] : []),
        ...(request.can('users.view') ? [{ label: t.staff, href: '/users', kind: 'plain' as const }] : []),
      ],
      groups: companyGroups.map(({ title, fields }) => ({
        title,
        items: fields.map((field) => ({
          label: field.label,
          text: field.kind.show(company[field.name], field, reference),
          isWide: field.isWide,
          copy: true,
          doubt: doubtShown(field, company[field.name]),
        })),
      })),
    },
    sections: pictureNames.map((kind) => sectionOf(kind, pictures[kind], mayChange, refused)),
    errors: refused ? [{ field: 'file', label: t.pictures[refused.kind], message: refused.message }] : [],
    formId: `upload-${refused?.kind}`,
  }
}

function sectionOf(kind: PictureName, picture: CompanyPicture | undefined, mayChange: boolean, refused?: Refused) {
  const shown = picture && {
    href: pathOf(picture),
    thumbnail: pathOf(picture),
    name: t.pictures[kind],
    facts: `${picture.name} · ${showSize(picture.size_bytes)} · ${showInstant(picture.created_at)}`,
    deletionHref: mayChange ? `${pathOf(picture)}/deletion` : null,
  }
  return {
    title: t.pictures[kind],
    pictures: shown ? [shown] : [],
    rows: [],
    empty: t.noPicture,
    form: mayChange ? uploadForm(kind, refused) : null,
  }
}

const uploadForm = (kind: PictureName, refused?: Refused) => ({
  id: `upload-${kind}`,
  action: `/company/${kind}`,
  formId: newFormId(),
  field: {
    name: 'file',
    label: t.pictures[kind],
    kind: 'file',
    value: '',
    isRequired: true,
    hint: t.pictureHints[kind](showSize(pictureLimits[kind].mostBytes)),
    accept: 'image/jpeg,image/png,image/webp',
    isWide: true,
  },
  error: refused?.kind === kind ? refused.message : undefined,
  submitLabel: text.files.upload,
})
