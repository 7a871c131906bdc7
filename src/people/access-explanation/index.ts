import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { askingFor, isReached } from '../../kernel/modules/reach.ts'
import { moduleLabel } from '../../kernel/permissions.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { choice, type Field, line } from '../../kernel/web/fields.ts'
import { type Body, fieldError, readForm } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { explain } from './explanation.ts'
import { explanationPath } from './path.ts'
import { type Explained, findExplained } from './record.ts'

const t = text.accessExplanation
const path = explanationPath()

const personField: Field = { name: 'user_id', label: t.person, kind: choice, options: peopleOptions, isRequired: true }
const codeField: Field = { name: 'code', label: t.record, hint: t.recordHint, kind: line, max: 200, isRequired: true }
const fields = [personField, codeField]

/** 「权限说明」: why a person can or cannot see and change any record, rule by rule. */
export async function accessExplanationRoutes(app: FastifyInstance) {
  app.get<{ Querystring: Body }>(path, { config: { permission: 'roles.view' } }, async (request, reply) => {
    const typed = request.query
    const reference = await referenceAt(app.db, request.revision)
    const isAsked = fields.every(({ name }) => name in typed)
    const { values, errors } = isAsked ? readForm(fields, typed, reference) : { values: {}, errors: [] }
    const code = values.code as string | null | undefined
    const record = code ? await findExplained(app, code) : undefined
    if (code && !record) errors.push(fieldError(codeField, t.noRecord))
    const view = formView({
      id: 'explanation',
      action: path,
      groups: [{ title: t.hint, fields }],
      typed,
      errors,
      reference,
      cancelHref: '/roles',
      submitLabel: t.submit,
    })
    const isComplete = record && values.user_id && errors.length === 0
    return reply.code(errors.length > 0 ? 422 : 200).page('people/access-explanation/index', {
      title: t.title,
      errors: view.errors,
      form: { ...view.form, method: 'get' },
      explanation: isComplete ? await shown(app.db, request, Number(values.user_id), record, reference) : null,
    })
  })
}

async function isShown(db: Knex, viewer: Viewer, record: Explained): Promise<boolean> {
  const {
    owner_id,
    rights: [right],
    personal,
    giver_id,
  } = record
  if (giver_id === viewer.id && right !== undefined && viewer.can(right)) return true
  if (!personal) return owner_id === null || (right !== undefined && inScope(viewer.scope(right), owner_id))
  return isReached(db, personal.module, askingFor(personal.module, viewer, 'view'), personal.row)
}

/** Its name is told only to one who may see the record. */
async function shown(db: Knex, { viewer }: FastifyRequest, userId: number, record: Explained, reference: Reference) {
  const { kind, name, owner_id, personal } = record
  const called = kind === 'public' || kind === 'signed-in' ? t.page : (moduleLabel(kind) ?? kind)
  const label = personal?.module.label ?? called
  const isSeen = await isShown(db, viewer, record)
  const owner = owner_id === null ? null : (reference.person(owner_id)?.name ?? '')
  return {
    heading: t.ofRecord(label, isSeen ? name : t.hiddenName, owner),
    person: reference.person(userId)?.name ?? '',
    isForAll: kind === 'public' || kind === 'signed-in',
    ...(await explain(db, userId, record)),
  }
}
