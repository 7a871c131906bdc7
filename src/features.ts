import type { FastifyInstance } from 'fastify'
import { accessExplanationRoutes } from './access-explanation/index.ts'
import { analysisRoutes } from './analysis/index.ts'
import { archiveRoutes } from './archive/index.ts'
import { auditLogRoutes } from './audit-log/index.ts'
import { backupRoutes } from './backups/index.ts'
import { cleanupPageRoutes } from './cleanup/index.ts'
import { companyRoutes } from './company/index.ts'
import { competitorRoutes } from './competitors/index.ts'
import { contactRoutes } from './contacts/index.ts'
import { customerRoutes } from './customers/index.ts'
import { departmentRoutes } from './departments/index.ts'
import { deskRoutes } from './desk/index.ts'
import { deviceRoutes } from './devices/index.ts'
import { dictionaryRoutes } from './dictionaries/index.ts'
import { duplicateRoutes } from './duplicates/index.ts'
import { fileRoutes } from './files/index.ts'
import { handoverRoutes } from './handovers/index.ts'
import { helpRoutes } from './help/index.ts'
import { importRoutes } from './imports/index.ts'
import { jobRoutes } from './jobs/index.ts'
import { listViewRoutes } from './list-views/index.ts'
import { madeFileRoutes } from './made-files/index.ts'
import { mailRoutes } from './mail/index.ts'
import { recycleBinRoutes } from './recycle-bin/index.ts'
import { roleRoutes } from './roles/index.ts'
import { savedReportRoutes } from './saved-reports/index.ts'
import { secondFactorRoutes } from './second-factor/index.ts'
import { selectionRoutes } from './selections/index.ts'
import { sessionRoutes } from './sessions/index.ts'
import { onlineRoutes } from './sessions/online.ts'
import { settingsRoutes } from './settings/index.ts'
import { setupRoutes } from './setup/index.ts'
import { systemRoutes } from './system/index.ts'
import { tagRoutes } from './tags/index.ts'
import { toolRoutes } from './tools/index.ts'
import { userRoutes } from './users/index.ts'
import { fieldRemarkRoutes } from './web/field-remarks.ts'

/** The table of contents: every feature, once. */
export const features: ((app: FastifyInstance) => Promise<void>)[] = [
  analysisRoutes,
  savedReportRoutes,
  deskRoutes,
  sessionRoutes,
  secondFactorRoutes,
  onlineRoutes,
  deviceRoutes,
  helpRoutes,
  customerRoutes,
  selectionRoutes,
  duplicateRoutes,
  contactRoutes,
  fileRoutes,
  madeFileRoutes,
  mailRoutes,
  recycleBinRoutes,
  companyRoutes,
  competitorRoutes,
  departmentRoutes,
  userRoutes,
  roleRoutes,
  accessExplanationRoutes,
  handoverRoutes,
  dictionaryRoutes,
  tagRoutes,
  settingsRoutes,
  setupRoutes,
  auditLogRoutes,
  importRoutes,
  jobRoutes,
  backupRoutes,
  archiveRoutes,
  cleanupPageRoutes,
  systemRoutes,
  toolRoutes,
  listViewRoutes,
  fieldRemarkRoutes,
]
