import type { Permission } from '../permissions.ts'
import type { Module, Stored } from './module.ts'

/** Something else that is done with records of modules, from their cards; where it is, undefined where it is not done. */
export type CardAct = {
  label: string
  permission: Permission
  href(module: Module, record: Stored): string | undefined
  /** The form there, where it is filled in on the card too. */
  formId?: string
}
const registered = new Map<string, CardAct>()

/** Lets it be done; its pages are made by who registers it. The right is one on what hangs on records of several modules. */
export const registerCardAct = (act: CardAct) => void registered.set(act.label, act)

/** Those that a person may do with a record. */
export const cardActsOn = (module: Module, record: Stored, may: (permission: Permission) => boolean) =>
  [...registered.values()].flatMap(({ label, permission, href, formId }) => {
    const to = may(permission) && href(module, record)
    return to ? [{ label, href: to, formId }] : []
  })
