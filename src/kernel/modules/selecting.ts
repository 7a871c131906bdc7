import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import type { Selecting } from '../web/selecting.ts'
import { wordsOf } from './catalogue.ts'
import { givenColumn, has, type Module, rightOf } from './module.ts'

/** What can be done with many records of a module at once. */
export function selectingOf(module: Module): Selecting {
  const { label, bin, fields } = module
  const right = (act: 'update' | 'delete'): Permission | undefined =>
    has(module, act) ? rightOf(module, act) : undefined
  const column = has(module, 'transfer') ? givenColumn(module) : undefined
  return {
    noun: label,
    fields: fields.filter(({ isBatch }) => isBatch),
    update: right('update'),
    transfer: column === undefined ? undefined : { permission: rightOf(module, 'transfer'), column },
    delete: right('delete'),
    isForGood: !bin,
    deletionDetails: bin ? wordsOf(module).binDetails([]) : text.selections.forGood,
  }
}
