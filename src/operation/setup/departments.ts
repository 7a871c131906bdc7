import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { singleLine } from '../../kernel/china/text.ts'
import { alikeView, findAlike, isAccepted } from '../../kernel/modules/alike.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type Field, type FieldKind, long } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, readForm, typedIn } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { addDepartment } from '../../people/departments/department.ts'
import { departments } from '../../people/departments/departments.ts'
import { departmentFields } from '../../people/departments/fields.ts'
import { text } from '../../texts/index.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

const t = text.setup
const path = stepPath('departments')
const mostAtOnce = 30
const longestName = 50

const names: FieldKind = {
  ...long,
  parse: (typed) => {
    const lines = namesIn(typed)
    if (lines.length === 0) throw t.noNames
    if (lines.length > mostAtOnce) throw t.tooMany(mostAtOnce)
    const tooLong = lines.find((name) => [...name].length > longestName)
    if (tooLong) throw t.nameTooLong(tooLong, longestName)
    const twice = lines.find((name, at) => lines.indexOf(name) !== at)
    if (twice) throw t.twice(twice)
    return lines.join('\n')
  },
}

const namesIn = (typed: string) =>
  typed
    .split(/[\r\n\u3001]+/)
    .map(singleLine)
    .filter(Boolean)

const namesField: Field = {
  name: 'names',
  label: t.departmentNames,
  kind: names,
  isRequired: true,
  isWide: true,
  hint: t.departmentNamesHint,
}
const parent = departmentFields.find(({ name }) => name === 'parent_id') as Field
const fields: Field[] = [namesField, { ...parent, hint: t.parentHint }]

type Refused = { errors?: FieldError[]; duplicates?: Awaited<ReturnType<typeof alikeView>> }

/** The first departments, one a line, all of them or none. */
export function departmentStep(app: FastifyInstance) {
  const config = { permission: steps.departments.permission }

  app.get(path, { config }, async (request, reply) => page(request, reply, {}))

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readForm(fields, typed, reference)
    if (errors.length > 0) return page(request, reply.code(422), typed, { errors })
    const lines = namesIn(String(values.names))
    const duplicates = isAccepted(typed) ? undefined : await elsewhere(request, lines, values.parent_id)
    if (duplicates) return page(request, reply.code(422), typed, { duplicates })
    try {
      await idempotent(app.db, typed, async (trx) => {
        await addAll(trx, lines, values.parent_id, request.actor)
        return path
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return page(request, reply.code(422), typed, { errors: [fieldError(namesField, error.message)] })
    }
    await request.flash(t.departmentsAdded(lines.length))
    return reply.redirect(path, 303)
  })

  /** The departments of these names that stand in other places, for somebody to say whether they are others. */
  async function elsewhere(request: FastifyRequest, lines: string[], parent_id: unknown) {
    const { viewer } = request
    const found = []
    for (const name of lines) found.push(...(await findAlike(app.db, departments, { name, parent_id }, { viewer })))
    return found.length > 0 ? alikeView(app.db, request, departments, found) : undefined
  }

  async function page(request: FastifyRequest, reply: FastifyReply, typed: Body, refused: Refused = {}) {
    const { errors = [], duplicates } = refused
    const reference = await referenceAt(app.db, request.revision)
    const view = formView({
      id: 'departments',
      action: path,
      cancelHref: '/setup',
      groups: [{ title: '', fields }],
      typed,
      errors,
      reference,
      formId: typedIn(typed, 'form_id') || newFormId(),
      submitLabel: t.addDepartments,
    })
    const present = {
      title: t.present,
      lines: reference.departments.map(({ name, depth }) => '\u3000'.repeat(depth) + name),
    }
    const guide = await stepsFor(app.db, request, 'departments')
    return reply.page('operation/setup/form', { title: t.steps.departments, ...view, duplicates, present, ...guide })
  }
}

async function addAll(trx: Knex, lines: string[], parent_id: unknown, actor: Actor) {
  for (const name of lines) {
    try {
      await addDepartment(trx, { name, parent_id: parent_id ?? null }, actor)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new Refusal({ message: t.refusedName(name, error.message) })
    }
  }
}
