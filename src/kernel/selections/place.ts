import type { FastifyRequest } from 'fastify'
import { ownMount } from '../modules/mount.ts'
import type { Act, Permission } from '../permissions.ts'
import type { Access, AccessOf } from '../web/access.ts'
import type { SelectableList } from '../web/list.ts'
import { endingsOf } from '../web/list-view.ts'
import { kindOfModule } from './declared.ts'
import { kinds } from './kinds.ts'

type Right = Access | AccessOf

/** Where the pages of selections stand: of one list, or of all that rows define, whose addresses tell them apart. */
export type SelectionPlace = {
  path: string
  of(request: FastifyRequest): SelectableList
  /** The right to what is done there; undefined where that is not done. */
  right(act: Act): Right | undefined
  endings: string[]
}

export const selectionPlaces = (): SelectionPlace[] => [...kinds().map(({ list }) => placeOf(list)), ownPlace]

const placeOf = (list: SelectableList): SelectionPlace => ({
  path: list.path,
  of: () => list,
  right: (act) => rightsOf(list)[act],
  endings: endingsOf(list),
})

const rightsOf = ({ permissions, selection }: SelectableList): Partial<Record<Act, Permission | 'signed-in'>> => ({
  ...permissions,
  update: selection.fields.length > 0 ? selection.update : undefined,
  transfer: selection.transfer?.permission,
  delete: selection.delete,
})

const ownPlace: SelectionPlace = {
  path: ownMount.path,
  of: (request) => kindOfModule(ownMount.of(request)).list,
  right: ownMount.right,
  endings: ['xlsx', 'csv'],
}
