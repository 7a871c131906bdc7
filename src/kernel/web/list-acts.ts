import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import type { List } from './list.ts'
import type { BatchField } from './selecting.ts'

/** Something that is done with the rows that are selected in a list; `path` is where, below the selection. */
export type Act = { value: string; label: string; path: string }

type FurtherAct = Act & { permission: Permission; isFor(list: List): boolean }
const further = new Map<string, FurtherAct>()

/** Lets something else be done with the rows of some lists; its pages are made by who registers it. */
export const registerListAct = (act: FurtherAct) => void further.set(act.value, act)

/** What this person may do with rows that are selected in a list. */
export function actsFor(request: FastifyRequest, list: List): Act[] {
  const { selection, permissions } = list
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
    ...may(selection.transfer?.permission, [{ value: 'transfer', label: text.actions.transfer, path: 'transfer' }]),
    ...[...further.values()].flatMap(({ permission, isFor, ...act }) => (isFor(list) ? may(permission, [act]) : [])),
    ...may(selection.delete, [{ value: 'delete', label: text.actions.delete, path: 'deletion' }]),
  ]
}

/** What a change of a field is called; giving and taking one of several are called so themselves. */
export const changeLabel = ({ label, tagging }: BatchField) => (tagging ? label : text.selections.change(label))
