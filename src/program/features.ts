import './import-kinds.ts'
import type { FastifyInstance } from 'fastify'
import { analysisRoutes } from '../analysis/analyses/index.ts'
import { savedReportRoutes } from '../analysis/saved-reports/index.ts'
import { contactRoutes } from '../customers/contacts/vcard-routes.ts'
import { customerFiles } from '../customers/customers/files.ts'
import { customerRoutes } from '../customers/customers/index.ts'
import { duplicateRoutes } from '../customers/duplicates/index.ts'
import { followUpRoutes } from '../customers/follow-ups/index.ts'
import { fileRoutes } from '../kernel/files/index.ts'
import { jobRoutes } from '../kernel/jobs/index.ts'
import { listViewRoutes } from '../kernel/list-views/index.ts'
import { madeFileRoutes } from '../kernel/made-files/index.ts'
import { lookUpRoutes } from '../kernel/search/look-up-routes.ts'
import { searchRoutes } from '../kernel/search/routes.ts'
import { selectionRoutes } from '../kernel/selections/index.ts'
import { fieldRemarkRoutes } from '../kernel/web/field-remarks.ts'
import { formDraftRoutes } from '../kernel/web/form-drafts.ts'
import { mailRoutes } from '../mail/index.ts'
import { companyRoutes } from '../office/company/index.ts'
import { helpRoutes } from '../office/help/index.ts'
import { memoRoutes } from '../office/memos/index.ts'
import { todoRoutes } from '../office/todos/index.ts'
import { toolRoutes } from '../office/tools/index.ts'
import { deskRoutes } from '../office/workbench/index.ts'
import { archiveRoutes } from '../operation/archive/index.ts'
import { auditLogRoutes } from '../operation/audit-log/index.ts'
import { backupRoutes } from '../operation/backups/index.ts'
import { cleanupPageRoutes } from '../operation/cleanup/index.ts'
import { importRoutes } from '../operation/imports/index.ts'
import { recycleBinRoutes } from '../operation/recycle-bin/index.ts'
import { settingsRoutes } from '../operation/settings-page/index.ts'
import { setupRoutes } from '../operation/setup/index.ts'
import { systemRoutes } from '../operation/system/index.ts'
import { accessExplanationRoutes } from '../people/access-explanation/index.ts'
import { departmentRoutes } from '../people/departments/index.ts'
import { deviceRoutes } from '../people/devices/index.ts'
import { handoverRoutes } from '../people/hand-overs/index.ts'
import { roleHelpRoute } from '../people/roles/help.ts'
import { secondFactorRoutes } from '../people/second-factor/index.ts'
import { sessionRoutes } from '../people/sign-in/index.ts'
import { onlineRoutes } from '../people/sign-in/online.ts'
import { userRoutes } from '../people/users/index.ts'
import { dictionaryRoutes } from '../platform/dictionaries/index.ts'

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
  searchRoutes,
  lookUpRoutes,
  customerRoutes,
  selectionRoutes,
  duplicateRoutes,
  contactRoutes,
  followUpRoutes,
  fileRoutes(customerFiles),
  madeFileRoutes,
  mailRoutes,
  recycleBinRoutes,
  companyRoutes,
  departmentRoutes,
  userRoutes,
  roleHelpRoute,
  accessExplanationRoutes,
  handoverRoutes,
  dictionaryRoutes,
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
  todoRoutes,
  memoRoutes,
  listViewRoutes,
  fieldRemarkRoutes,
  formDraftRoutes,
]
