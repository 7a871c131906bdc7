import type { FastifyRequest } from 'fastify'
import { customerField } from '../customers/fields.ts'
import type { Permission } from '../permissions.ts'
import { tagOptions } from '../tags/fields.ts'
import { text } from '../texts/index.ts'
import { choice, type Field } from '../web/fields.ts'

const tag = (name: string, label: string): Field => ({
  name,
  label,
  kind: choice,
  options: tagOptions,
  isRequired: true,
})

/** The fields that many customers can get one value of. */
export const bulkFields: Field[] = [
  customerField('level_id'),
  customerField('status_id'),
  customerField('owner_id'),
  tag('tag', text.selections.addTag),
  tag('tag_removed', text.selections.removeTag),
]

type Act = { value: string; label: string; path: string; permission: Permission }

const acts: Act[] = [
  { value: 'print', label: text.actions.print, path: 'print', permission: 'customers.print' },
  { value: 'export', label: text.actions.export, path: 'export', permission: 'customers.export' },
  ...bulkFields.map(({ name, label }): Act => {
    const said = name.startsWith('tag') ? label : text.selections.change(label)
    return { value: name, label: said, path: `changes/${name}`, permission: 'customers.update' }
  }),
  { value: 'delete', label: text.actions.delete, path: 'deletion', permission: 'customers.delete' },
]

/** What this person may do with a selection. */
export const actsFor = (request: FastifyRequest) => acts.filter(({ permission }) => request.can(permission))
