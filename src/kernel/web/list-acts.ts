import type { FastifyRequest } from 'fastify'
import type { Permission } from '../permissions.ts'
import { text } from '../texts/index.ts'
import type { List } from './list.ts'

/** Something that is done with the rows that are selected in a list; `path` is where, below the selection. */
export type Act = { value: string; label: string; path: string }

/** What this person may do with rows that are selected in a list. */
export function actsFor(request: FastifyRequest, { selection, permissions }: List): Act[] {
  if (!selection) return []
  const may = (permission: Permission | undefined, acts: Act[]) => (permission && request.can(permission) ? acts : [])
  return [
    ...may(permissions.print, [
      { value: 'print', label: text.actions.print, path: 'print' },
      { value: 'pdf', label: text.common.pdf, path: 'print.pdf' },
    ]),
    ...may(permissions.export, [{ value: 'export', label: text.actions.export, path: 'export' }]),
    ...may(
      selection.update,
      selection.fields.map((field) => ({
        value: field.name,
        label: changeLabel(field),
        path: `changes/${field.name}`,
      })),
    ),
    ...may(selection.transfer, [{ value: 'transfer', label: text.actions.transfer, path: 'transfer' }]),
    ...may(selection.mail, [{ value: 'mail', label: text.mail.write, path: 'mail' }]),
    ...may(selection.delete, [{ value: 'delete', label: text.actions.delete, path: 'deletion' }]),
  ]
}

/** What a change of a field is called; giving and taking tags are called so themselves. */
export const changeLabel = ({ name, label }: { name: string; label: string }) =>
  name.startsWith('tag') ? label : text.selections.change(label)
