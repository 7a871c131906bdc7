import type { FastifyRequest } from 'fastify'
import { showSize } from '../../kernel/files/size.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import { showInstant, showSecond } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import type { BackupFile } from './place.ts'

const t = text.backups

type Parts = {
  backups: BackupFile[]
  settings: Settings
  keyFile: string
  keyIds: string[]
  serverFacts: string[]
}

const tones = { manual: 'blue', scheduled: 'green', safety: 'amber', uploaded: 'gray' }

/** The page of backups as views/operation/maintenance/backups.eta wants it. */
export function backupsView(request: FastifyRequest, { backups, settings, keyFile, keyIds, serverFacts }: Parts) {
  const { backupDay, backupHour, backupsKept } = settings
  const newest = backups.find(({ way }) => way !== 'uploaded')
  return {
    rows: backups.map(({ name, way, createdAt, bytes }) => ({
      name,
      at: showSecond(createdAt),
      way: t.ways[way],
      tone: tones[way],
      size: showSize(bytes),
      href: `/maintenance/backups/${name}`,
    })),
    newest: newest ? showInstant(newest.createdAt) : null,
    plan: t.plan(t.days[backupDay as keyof typeof t.days], backupHour, backupsKept),
    mayPlan: request.can('settings.update'),
    key: t.key(keyFile, keyIds.join(' ')),
    serverFacts,
  }
}
