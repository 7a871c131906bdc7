import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { bumpRevision, cachedByRevision } from '../db/cache-revision.ts'
import { upsert } from '../db/dialect.ts'

const ofKernel = {
  companyName: text.preset.companyName,
  /** Where our telephones are; empty until the setup guide has asked. */
  areaCode: '',
  /** Employee numbers follow the rule of src/people/users/number.ts. */
  isEmployeeNumberRuled: true,
  employeeBranchCode: 'CC01',
  idleMinutes: 30,
  longestSessionHours: 12,
  failuresBeforeLock: 5,
  lockMinutes: 15,
  /** From one address, for whomever; people in an office may share one. */
  senderFailuresBeforeLock: 20,
  shortestPassword: 8,
  logRetentionDays: 730,
  /** Of capital and small letters, digits and other signs. */
  passwordKinds: 3,
  mayPasswordHoldUsername: false,
  /** How many of the last passwords, the present one included, must not come back; 0 for none but the present one. */
  passwordHistory: 3,
  /** After how many days a password has to be changed; 0 for never. */
  passwordDays: 0,
  /** The guide of a new installation waits until it is done or put away; one in use has no need of it. */
  isSetupDue: false,
  /** The role with which a new account begins, by its id; none until one is given to the person. */
  newUserRole: null as number | null,
  /** What stands in files where there is nothing (operation/imports/reading/empty-words.ts). */
  emptyWords: text.preset.emptyWords,
  /** Names of operation/backups/schedule.ts: never, every day, or a day of the week. */
  backupDay: 'sunday',
  /** The hour in China from which on the backup of the day is made. */
  backupHour: 2,
  /** How many of the backups that the program makes by itself are kept. */
  backupsKept: 8,
}

type OfKernel = typeof ofKernel
/** What a user may change while the program runs; wings add to it what is theirs. */
export interface Settings extends OfKernel {}

/** The values of a new installation. */
export const presetSettings = { ...ofKernel } as Settings

/** Takes up the settings of a wing, with the values of a new installation. */
export const declareSettings = (preset: Partial<Settings>) => void Object.assign(presetSettings, preset)

/** All settings as they are stored. */
export async function readSettings(db: Knex): Promise<Settings> {
  const rows: { name: string; value: string }[] = await db('settings').select('name', 'value')
  return { ...presetSettings, ...Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)])) }
}

/** All settings at a revision of the reference data. */
export const settingsAt = cachedByRevision(readSettings)

export async function changeSettings(db: Knex, settings: Partial<Settings>) {
  for (const [name, value] of Object.entries(settings))
    await upsert(db, 'settings', { name }, { value: JSON.stringify(value) })
  await bumpRevision(db)
}
