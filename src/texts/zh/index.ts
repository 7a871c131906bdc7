import { accessExplanation } from './access-explanation.ts'
import { analysis } from './analysis.ts'
import { archive } from './archive.ts'
import { auditLog } from './audit-log.ts'
import { backups } from './backups.ts'
import { batchActs } from './batch-acts.ts'
import { cleanup } from './cleanup.ts'
import { common } from './common.ts'
import { company, competitors } from './company.ts'
import { config } from './config.ts'
import { contacts, customers, recycleBin } from './customers.ts'
import { departments } from './departments.ts'
import { access, agents, devices } from './devices.ts'
import { dictionaries } from './dictionaries.ts'
import { duplicates } from './duplicates.ts'
import { errors } from './errors.ts'
import { files } from './files.ts'
import { followUps } from './follow-ups.ts'
import { form } from './form.ts'
import { handovers } from './handovers.ts'
import { help } from './help.ts'
import { helpAnalysis } from './help-analysis.ts'
import { helpCustomers } from './help-customers.ts'
import { helpOffice } from './help-office.ts'
import { helpPeople } from './help-people.ts'
import { helpProblems } from './help-problems.ts'
import { helpRecords } from './help-records.ts'
import { helpSales } from './help-sales.ts'
import { helpSettings } from './help-settings.ts'
import { imports } from './imports.ts'
import { jobs } from './jobs.ts'
import { actions, menu, modules } from './kernel.ts'
import { list } from './list.ts'
import { listViews } from './list-views.ts'
import { madeFiles } from './made-files.ts'
import { mail } from './mail.ts'
import { memos } from './memos.ts'
import { declarations, lines, papers } from './module.ts'
import { options } from './options.ts'
import { preset } from './preset.ts'
import { record } from './record.ts'
import { report } from './report.ts'
import { restore } from './restore.ts'
import { roles } from './roles.ts'
import { desk, savedReports } from './saved-reports.ts'
import { searching } from './searching.ts'
import { secondFactor } from './second-factor.ts'
import { selections } from './selections.ts'
import { server } from './server.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { spreadsheets } from './spreadsheets.ts'
import { supplierContacts, suppliers } from './suppliers.ts'
import { system } from './system.ts'
import { tags } from './tags.ts'
import { todos } from './todos.ts'
import { tools } from './tools.ts'
import { transfers } from './transfers.ts'
import { turning } from './turning.ts'
import { users } from './users.ts'
import { workdays } from './workdays.ts'

export const zh = {
  accessExplanation,
  access,
  actions,
  agents,
  analysis,
  archive,
  auditLog,
  backups,
  batchActs,
  cleanup,
  common,
  company,
  competitors,
  config,
  contacts,
  customers,
  departments,
  desk,
  devices,
  dictionaries,
  duplicates,
  errors,
  files,
  followUps,
  form,
  help,
  helpAnalysis,
  helpCustomers,
  helpOffice,
  helpPeople,
  helpProblems,
  helpRecords,
  helpSales,
  helpSettings,
  handovers,
  imports,
  jobs,
  list,
  listViews,
  madeFiles,
  mail,
  menu,
  declarations,
  papers,
  lines,
  modules,
  options,
  preset,
  record,
  recycleBin,
  report,
  restore,
  roles,
  savedReports,
  searching,
  secondFactor,
  selections,
  server,
  sessions,
  settings,
  setup,
  spreadsheets,
  supplierContacts,
  suppliers,
  system,
  tags,
  transfers,
  memos,
  todos,
  tools,
  turning,
  users,
  workdays,
}
