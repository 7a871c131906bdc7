import { text } from '../../texts/index.ts'
import { currentRevision } from '../db/cache-revision.ts'
import { longStep } from '../jobs/long-step.ts'
import type { JobKind, JobRun } from '../jobs/runner.ts'
import { referenceAt } from '../reference.ts'
import { findSelection, selectedList } from '../selections/selection.ts'
import { showCount } from '../web/formatting.ts'
import type { List } from '../web/list.ts'
import { countExported, type Exported, exportStream, fileNameOf } from '../web/list-export.ts'
import { preferenceFor } from '../web/list-preference.ts'
import { parametersIn, readListQuery, refuseUnread } from '../web/list-query.ts'
import { forbidden, notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { viewerAt } from '../web/viewers.ts'
import { type ExportPayload, exportKind } from './asking.ts'
import { storeContent } from './keeping.ts'
import { addMadeFile, daysKept } from './made-file.ts'

/** The lists that can be exported, by their paths. */
export type Exportable = () => ReadonlyMap<string, List>

/** Writes a long list into a file, by the rights its maker has now; a program that was stopped begins it again. */
export const exportJob = (lists: Exportable): JobKind => ({
  kind: exportKind,
  async run(run) {
    const payload = run.job.payload as ExportPayload
    const viewer = await viewerAt(run.db, await currentRevision(run.db), run.job.user_id)
    if (payload.permission !== 'signed-in' && !viewer.can(payload.permission)) throw forbidden()
    const exported = await exportedOf(run, lists, payload, viewer)
    const total = await countExported(run.db, exported)
    let count = 0
    const content = await longStep(run, (tell, signal) => {
      const rows = (done: number) => {
        count = done
        tell((done * 100) / Math.max(1, total))
      }
      const stream = exportStream(run.db, exported, { actor: run.actor, tell: rows })
      return storeContent(run.config.dataDir, stream, signal)
    })
    await run.step(async (trx) => {
      const made = { viewer, permission: payload.permission, name: fileNameOf(exported) }
      run.job.payload = { ...payload, file_id: await addMadeFile(trx, made, content) }
    })
    return text.madeFiles.exported(showCount(count), daysKept)
  },
  href: ({ payload }) => (payload.file_id ? `/tools/files/${payload.file_id}/content` : undefined),
})

async function exportedOf(
  { db, job }: JobRun,
  lists: Exportable,
  payload: ExportPayload,
  viewer: Viewer,
): Promise<Exported> {
  const { path, query, selection, ending } = payload
  const list = lists().get(path)
  if (!list) throw notFound()
  const revision = await currentRevision(db)
  const reference = await referenceAt(db, revision)
  const by = { reference, viewer }
  if (selection !== undefined)
    return { ...selectedList(await findSelection(db, list, selection, job.user_id), list, by), reference, ending }
  const kept = await preferenceFor(db, revision, list, job.user_id)
  return { list, query: refuseUnread(readListQuery(list, parametersIn(query), { ...by, kept })), reference, ending }
}
