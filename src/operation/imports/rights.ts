import type { FastifyRequest } from 'fastify'
import type { Permission } from '../../kernel/permissions.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import type { Columns, ExistingChoice, Import } from './import.ts'
import type { ImportKind } from './kind.ts'
import { importKinds, kindOf } from './kinds.ts'

type Needing = Pick<Columns, 'targets' | 'makesMissing'>

const orView = () => importKinds().map(({ permission }) => permission)

/** The rights of which one is enough to come to the pages of imports, as a list names them: there may be new modules later. */
export const importRights = () => ({ view: orView()[0] as Permission, orView })

/** The same for other routes. */
export const importAccess = () => ({ permission: orView()[0] as Permission, otherPermissions: orView })

/** An import that also makes what its rows hang on and is not there. */
export const making = (one: Import): Import => ({ ...one, columns: { ...one.columns, makesMissing: true } })

/** The right to import is no way around the rights to add: what an import would make must be this person's to make. */
export function lackingFor(request: FastifyRequest, kind: ImportKind, columns?: Needing): string | undefined {
  const right = [kind.permission, ...kind.needed(columns)].find((right) => !request.can(right))
  return right && kind.lacking(right)
}

/** What this person lacks for an import, as a sentence. */
export const lacking = (request: FastifyRequest, one: Pick<Import, 'kind' | 'columns'>): string | undefined =>
  lackingFor(request, kindOf(one), one.columns)

/** Throws a refusal (403) unless this person may add what a kind would. */
export function mayTakeKind(request: FastifyRequest, kind: ImportKind, columns?: Needing) {
  const message = lackingFor(request, kind, columns)
  if (message) throw new Refusal({ status: 403, message })
}

/** The same of an import. */
export const mayTake = (request: FastifyRequest, one: Pick<Import, 'kind' | 'columns'>) =>
  mayTakeKind(request, kindOf(one), one.columns)

/** The kinds of import that this person may begin. */
export const kindsFor = (request: FastifyRequest): ImportKind[] =>
  importKinds().filter((kind) => !lackingFor(request, kind))

/** What this person imports, in words. */
export function createLabel(request: FastifyRequest): string {
  const kinds = importKinds().filter(({ permission }) => request.can(permission))
  return text.imports.createOf(kinds.map(({ words }) => words.short))
}

/** What may be done with records that are there: to change them takes the rights to change. */
export const mayChoose = (request: FastifyRequest, one: Pick<Import, 'kind'>, choice: ExistingChoice) =>
  choice === 'skip' || choice === 'add' || kindOf(one).toChange.every((right) => request.can(right))

/** Throws a refusal (403) where what was chosen is not this person's to choose. */
export function mayChooseAll(
  request: FastifyRequest,
  one: Pick<Import, 'kind'>,
  { existing_choice, phone_choice }: Pick<Import, 'existing_choice' | 'phone_choice'>,
) {
  if (mayChoose(request, one, existing_choice) && mayChoose(request, one, phone_choice)) return
  throw new Refusal({ status: 403, message: text.imports.updateForbidden })
}

/** One's own import may be undone; somebody else's only by one who may delete what it made. */
export const mayUndo = (request: FastifyRequest, one: Pick<Import, 'kind' | 'user_id'>) =>
  one.user_id === request.user?.id || request.can(kindOf(one).toRemove)
