import type { FastifyRequest } from 'fastify'
import type { Permission } from '../../kernel/permissions.ts'
import { text } from '../../kernel/texts/index.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Columns, ExistingChoice, Import } from './import.ts'
import type { ImportKind } from './mapping/targets.ts'

type Asked = Pick<Import, 'kind'> & { columns?: Pick<Columns, 'targets' | 'makesCustomers'> }

/** An import that also makes the customers its contacts lack. */
export const making = (one: Import): Import => ({ ...one, columns: { ...one.columns, makesCustomers: true } })

/** The right to import is no way around the rights to add: what an import would make must be this person's to make. */
function needed({ kind, columns }: Asked): ('customers.create' | 'contacts.create')[] {
  if (kind === 'contacts')
    return columns?.makesCustomers ? ['contacts.create', 'customers.create'] : ['contacts.create']
  const hasContacts = columns?.targets.some((key) => key?.startsWith('contact.'))
  return hasContacts ? ['customers.create', 'contacts.create'] : ['customers.create']
}

/** What this person lacks for an import, as a sentence. */
export function lacking(request: FastifyRequest, asked: Asked): string | undefined {
  const right = needed(asked).find((right) => !request.can(right))
  return right && text.imports.lacking[right]
}

/** Throws a refusal (403) unless this person may add what the import would. */
export function mayTake(request: FastifyRequest, asked: Asked) {
  const message = lacking(request, asked)
  if (message) throw new Refusal({ status: 403, message })
}

/** The kinds of import that this person may begin. */
export const kindsFor = (request: FastifyRequest): ImportKind[] =>
  (['customers', 'contacts'] as const).filter((kind) => !lacking(request, { kind }))

/** What may be done with records that are there: to change them takes the rights to change. */
export const mayChoose = (request: FastifyRequest, { kind }: Pick<Import, 'kind'>, choice: ExistingChoice) =>
  choice === 'skip' || choice === 'add' || (request.can(`${kind}.update`) && request.can('contacts.update'))

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
export const mayUndo = (request: FastifyRequest, { kind, user_id }: Pick<Import, 'kind' | 'user_id'>) =>
  user_id === request.user?.id || request.can(`${kind}.delete` satisfies Permission)
