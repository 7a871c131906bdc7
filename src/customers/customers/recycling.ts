import { countFiles, purgeFiles } from '../../kernel/files/file.ts'
import type { Hooks } from '../../kernel/modules/module.ts'
import { text } from '../../texts/index.ts'
import { removeKeys } from '../duplicates/keys.ts'
import { customerKind } from './customer.ts'

const filesOf = (id: number) => ({ record_type: customerKind.table, record_id: id })

/** What goes with a customer for good beside its contacts. */
export const customerHooks: Hooks = {
  removal: async (db, { id }) => text.files.purgeDetails(await countFiles(db, filesOf(id))),
  async removing(trx, { id }) {
    await purgeFiles(trx, filesOf(id))
    await removeKeys(trx, id)
  },
}
