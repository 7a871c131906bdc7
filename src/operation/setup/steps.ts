import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'
import { presetSettings, readSettings } from '../../kernel/settings/settings.ts'
import { findAccount } from '../../mail/accounts/account.ts'
import { presetRoles } from '../../people/roles/preset-roles.ts'
import { text } from '../../texts/index.ts'
import type { ImportKind } from '../imports/kind.ts'
import { importKinds } from '../imports/kinds.ts'

const t = text.setup

export type StepName = keyof typeof t.steps

type Step = { permission: Permission; isDone(db: Knex): Promise<boolean> }

/** The steps of the guide; whether one is done is seen by the data, whoever did it and where. */
export const steps: Record<StepName, Step> = {
  company: {
    permission: 'company.update',
    isDone: async (db) => (await readSettings(db)).companyName !== presetSettings.companyName,
  },
  departments: {
    permission: 'departments.create',
    isDone: async (db) => Boolean(await db('departments').first('id')),
  },
  roles: {
    permission: 'roles.view',
    isDone: async (db) => Boolean((await otherRole(db)) ?? (await roleInUse(db))),
  },
  people: {
    permission: 'users.create',
    isDone: async (db) => (await db('users').whereNot({ status: 'left' }).limit(2).select('id')).length > 1,
  },
  mailbox: { permission: 'settings.update', isDone: async (db) => Boolean(await findAccount(db, null)) },
  import: {
    get permission() {
      return firstImport().permission
    },
    isDone: async (db) => Boolean(await db(firstImport().makes[0].type).first('id')),
  },
}

/** What is imported before all else. */
const firstImport = () => importKinds()[0] as ImportKind

const builtIn = presetRoles().map(({ code }) => code as string)
const otherRole = (db: Knex) => db('roles').where('version', '>', 1).orWhereNotIn('code', builtIn).first('id')
const roleInUse = (db: Knex) =>
  db('user_roles').join('roles', 'roles.id', 'user_roles.role_id').whereNot('code', 'administrator').first('roles.id')

export const stepNames = Object.keys(steps) as StepName[]
export const stepPath = (name: StepName) => `/setup/${name}`

/** The steps this person may do, with what is done already, as views/operation/setup/_steps.eta wants them. */
export async function stepsFor(db: Knex, request: FastifyRequest, current?: StepName) {
  const views = []
  for (const name of stepNames.filter((name) => request.can(steps[name].permission)))
    views.push({
      name,
      label: t.steps[name],
      note: t.notes[name],
      href: stepPath(name),
      isDone: await steps[name].isDone(db),
      isCurrent: name === current,
    })
  const at = views.findIndex(({ isCurrent }) => isCurrent)
  return { steps: views, nextHref: at >= 0 ? (views[at + 1]?.href ?? '/setup') : null }
}

/** Whether the guide still waits for this person: a new installation, not put away, with something left to do. */
export async function isSetupWaiting(db: Knex, request: FastifyRequest): Promise<boolean> {
  if (!request.can('settings.update') || !(await readSettings(db)).isSetupDue) return false
  return (await stepsFor(db, request)).steps.some(({ isDone }) => !isDone)
}
