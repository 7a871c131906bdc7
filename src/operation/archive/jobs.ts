import { fact, recordEvent } from '../../kernel/history/history.ts'
import { longStep } from '../../kernel/jobs/long-step.ts'
import type { JobKind } from '../../kernel/jobs/runner.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { diskProblem, incomingPath, refuseWithoutSpace } from '../backups/place.ts'
import { writeArchive } from './out.ts'
import { archiveFolder, newArchivePath } from './place.ts'

export const archiveKind = 'archive-out'
export const recordType = 'archive'

/** Writes an archive of everything. */
export const archiveJob: JobKind = {
  kind: archiveKind,
  href: () => '/maintenance/archive',
  run: async (run) => {
    const { config, actor } = run
    await refuseWithoutSpace(archiveFolder(config.dataDir), 0)
    const { name, path } = await newArchivePath(config.dataDir)
    const unfinished = await incomingPath(config.dataDir, '.zip')
    const { tables } = await longStep(run, (tell, signal) =>
      writeArchive(config, path, unfinished, { by: actor.name, tell, signal }).catch((error) => {
        throw diskProblem(error)
      }),
    )
    const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
    const changes = [fact('row_count', rows, showCount(rows))]
    await run.step((trx) =>
      recordEvent(trx, actor, { action: 'export', record_type: recordType, record_name: name, changes }),
    )
    return text.archive.written(name, showCount(rows))
  },
}
