import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { filesTab } from '../files/path.ts'
import { uploadId } from '../files/tab.ts'
import { onCard } from '../web/on-card.ts'
import type { Viewer } from '../web/viewer.ts'
import { cardActsOn } from './card-acts.ts'
import { fileKindsOf, fileRightsOn } from './file-rights.ts'
import type { Module, Stored } from './module.ts'
import { placeOf } from './record-address.ts'

/** What is added to a record on its card: the page that has the form, and the id of the form, which script puts in place. */
type Adding = { label: string; href: string; formId: string }

/** What this person adds to what happened to a record: a file, and what registered acts write down (`registerCardAct`). */
export async function addingTo(db: Knex, module: Module, viewer: Viewer, record: Stored): Promise<Adding[]> {
  const may = await fileRightsOn(db, module, viewer, record)
  const isUploaded = fileKindsOf(module).includes('file') && may('files.create')
  const upload = { label: text.files.add, href: onCard(filesTab(placeOf(module, record))), formId: uploadId('file') }
  const acts = cardActsOn(module, record, may).flatMap(({ label, href, formId }) =>
    formId ? [{ label, href: onCard(href), formId }] : [],
  )
  return [...(isUploaded ? [upload] : []), ...acts]
}
