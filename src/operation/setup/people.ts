import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { type Settings, settingsAt } from '../../kernel/settings/settings.ts'
import { optionViews } from '../../kernel/web/field-view.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, typedIn, type Values } from '../../kernel/web/form.ts'
import { departmentOptions } from '../../kernel/web/options.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { beginningRole, beginningText } from '../../people/users/beginning.ts'
import { fields as userFields } from '../../people/users/fields.ts'
import { readNewUser, rolesKept } from '../../people/users/form.ts'
import { makePassword } from '../../people/users/made-password.ts'
import { hashPassword } from '../../people/users/password.ts'
import {
  newPasswordFields,
  type PasswordRules,
  passwordFault,
  passwordIn,
  passwordRulesOf,
} from '../../people/users/password-rules.ts'
import { addUser } from '../../people/users/user.ts'
import { text } from '../../texts/index.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

const t = text.setup
const path = stepPath('people')
const rowCount = 6
const rows = Array.from({ length: rowCount }, (_, at) => at + 1)

const columns = [
  userFields.name,
  userFields.username,
  { ...userFields.department, options: departmentOptions },
  userFields.role,
] satisfies Field[]
const labels = [...columns.map(({ label }) => label), t.initialPassword]

const at = (name: string, row: number) => `${name}_${row}`

/** What stands in one row, as the form of a new user has it. */
function rowOf(body: Body, row: number): Body {
  const typed = Object.fromEntries(columns.map(({ name }) => [name, typedIn(body, at(name, row))]))
  const password = passwordIn(body, at('password', row))
  return { ...typed, password, password_again: password }
}

const isFilled = ({ name, username, password }: Body) => Boolean(name || username || password)

/** Says that the passwords of the form were made, so that they are shown: somebody has to read them. */
const areMade = 'are_passwords_made'

/** With a password made for each filled row that has none, or none that fulfils the rules. */
function withPasswords(typed: Body, rules: PasswordRules): Body {
  const made = rows.flatMap((row) => {
    const { name, username, password } = rowOf(typed, row) as Record<'name' | 'username' | 'password', string>
    const isDue = (name || username) && passwordFault(password, { ...rules, username })
    return isDue ? [[at('password', row), makePassword(rules, username)]] : []
  })
  return { ...typed, ...Object.fromEntries(made), ...(made.length > 0 && { [areMade]: '1' }) }
}

type Person = { row: number; values: Values; password: string }

/** The first people, several at once, each with a role and a password to begin with; all of them or none. */
export function peopleStep(app: FastifyInstance) {
  const config = { permission: steps.people.permission }

  app.get(path, { config }, async (request, reply) => page(request, reply, {}))

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const settings = await settingsAt(app.db, request.revision)
    const mayAssign = request.can('roles.assign')
    if (typed.make) return page(request, reply, withPasswords(typed, passwordRulesOf(settings)))
    const { people, errors } = readPeople(typed, { reference, settings, mayAssign })
    if (people.length === 0 && errors.length === 0) errors.push({ field: '', label: '', message: t.noPeople })
    if (errors.length > 0) return page(request, reply.code(422), typed, errors)
    const hashed: (Person & { hash: string })[] = []
    for (const person of people) hashed.push({ ...person, hash: await hashPassword(person.password) })
    try {
      await idempotent(app.db, typed, async (trx) => {
        await addAll(trx, hashed, request.actor, !mayAssign)
        return path
      })
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error
      return page(request, reply.code(422), typed, [error.at])
    }
    await request.flash(t.peopleAdded(text.common.listed(people.map(({ values }) => String(values.name)))))
    return reply.redirect(path, 303)
  })

  async function page(request: FastifyRequest, reply: FastifyReply, typed: Body, errors: FieldError[] = []) {
    const reference = await referenceAt(app.db, request.revision)
    const settings = await settingsAt(app.db, request.revision)
    const rules = passwordRulesOf(settings)
    const mayAssign = request.can('roles.assign')
    const shown = columns.filter(({ name }) => mayAssign || name !== 'role_id')
    return reply.page('operation/setup/people', {
      title: t.steps.people,
      formId: 'people',
      form: { action: path, formId: typedIn(typed, 'form_id') || newFormId() },
      labels: [...shown.map(({ label }) => label), t.initialPassword],
      beginning: mayAssign ? null : beginningText(reference, settings),
      areMade: typedIn(typed, areMade) !== '',
      passwordHint: newPasswordFields(t.initialPassword, rules)[0].hint,
      rows: rows.map((row) => rowView(row, shown, { typed, errors, reference })),
      errors,
      present: {
        title: t.presentPeople,
        lines: reference.people
          .filter(({ status }) => status !== 'left')
          .map(({ name }) => name)
          .slice(0, 50),
      },
      ...(await stepsFor(app.db, request, 'people')),
    })
  }
}

type Read = { reference: Reference; settings: Settings; mayAssign: boolean }

function readPeople(typed: Body, { reference, settings, mayAssign }: Read) {
  const people: Person[] = []
  const rules = passwordRulesOf(settings)
  const begins = beginningRole(reference, settings)
  const errors: FieldError[] = []
  for (const row of rows) {
    const body = rowOf(typed, row)
    if (!isFilled(body)) continue
    const read = readNewUser(rolesKept(body, mayAssign, begins), reference, rules, mayAssign)
    for (const error of read.errors)
      if (error.field !== 'password_again')
        errors.push({ ...error, field: at(error.field, row), label: t.row(row, error.label) })
    people.push({ row, values: read.values, password: read.password })
  }
  return { people, errors }
}

class RowRefusal extends Error {
  readonly at: FieldError

  constructor(field: FieldError) {
    super(field.message)
    this.at = field
  }
}

async function addAll(trx: Knex, people: (Person & { hash: string })[], actor: Actor, isApprovalDue: boolean) {
  for (const { row, values, hash } of people) {
    try {
      await addUser(trx, values, hash, actor, isApprovalDue)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      const label = columns.find(({ name }) => name === error.field)?.label ?? ''
      throw new RowRefusal({ field: at(error.field, row), label: t.row(row, label), message: error.message })
    }
  }
}

type Shown = { typed: Body; errors: FieldError[]; reference: Reference }

function rowView(row: number, shown: Field[], { typed, errors, reference }: Shown) {
  const cell = (name: string, label: string, field?: Field) => {
    const isPassword = name === 'password'
    const value = isPassword ? passwordIn(typed, at(name, row)) : typedIn(typed, at(name, row))
    const error = errors.find((error) => error.field === at(name, row))?.message
    return {
      name: at(name, row),
      label: t.row(row, label),
      value: isPassword && error ? '' : value,
      isPassword,
      maxLength: field?.max,
      options: field?.options && optionViews(field.options(reference), value),
      error,
    }
  }
  return [...shown.map((field) => cell(field.name, field.label, field)), cell('password', labels.at(-1) as string)]
}
