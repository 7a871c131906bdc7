import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { chinaSecond } from '../../kernel/china/clock.ts'
import { showSize } from '../../kernel/files/size.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'

/** Why a backup is there: asked for, by the clock, made before a restoration, or brought from another machine. */
export const ways = ['manual', 'scheduled', 'safety', 'uploaded'] as const
export type Way = (typeof ways)[number]

export type BackupFile = { name: string; way: Way; createdAt: string; bytes: number }

export const backupFolder = (dataDir: string) => join(dataDir, 'backups')
const incomingFolder = (dataDir: string) => join(backupFolder(dataDir), 'incoming')

const pattern = /^kehu-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-([a-z]+)(?:-\d+)?\.zip$/

/** When and why a backup was made, from its name; undefined for a name that is none. */
export function readName(name: string): Pick<BackupFile, 'way' | 'createdAt'> | undefined {
  const [, year, month, day, hour, minute, second, way] = pattern.exec(name) ?? []
  if (!ways.includes(way as Way)) return undefined
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
  return Number.isNaN(instant) ? undefined : { way: way as Way, createdAt: new Date(instant).toISOString() }
}

/** A place in the folder of backups for a file that is not whole yet; nothing looks at it there. */
export async function incomingPath(dataDir: string, ending: string): Promise<string> {
  await mkdir(incomingFolder(dataDir), { recursive: true })
  return join(incomingFolder(dataDir), `${randomUUID()}${ending}`)
}

/** A name that no backup has yet, in the time of China. */
export async function freeName(dataDir: string, way: Way, at = new Date()): Promise<string> {
  const stamp = (chinaSecond(at) as string).replace(/[-:]/g, '').replace(' ', '-')
  const taken = new Set(await readdir(backupFolder(dataDir)).catch(() => []))
  for (let number = 1; ; number++) {
    const name = `kehu-${stamp}-${way}${number > 1 ? `-${number}` : ''}.zip`
    if (!taken.has(name)) return name
  }
}

/** Every backup there is, the newest first. */
export async function listBackups(dataDir: string): Promise<BackupFile[]> {
  const folder = backupFolder(dataDir)
  const found: (BackupFile & { writtenMs: number })[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const said = readName(name)
    const state = said && (await stat(join(folder, name)).catch(() => undefined))
    if (said && state?.isFile()) found.push({ name, ...said, bytes: state.size, writtenMs: state.mtimeMs })
  }
  return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.writtenMs - a.writtenMs)
}

/** How long the backup made before a restoration is the way back for everybody, whoever ordered the restoration. */
export const safetyDays = 30

export const safetyEnd = ({ createdAt }: Pick<BackupFile, 'createdAt'>) =>
  new Date(Date.parse(createdAt) + safetyDays * 86_400_000)

/** Whether a backup was made before a restoration, not long ago: neither people nor the program remove it. */
export const isKeptForSafety = (backup: Pick<BackupFile, 'way' | 'createdAt'>, now = new Date()) =>
  backup.way === 'safety' && now < safetyEnd(backup)

/** Removes the oldest of the backups that the program makes by itself, all but so many of each way. */
export async function keepNewest(dataDir: string, most: number): Promise<string[]> {
  const removed: string[] = []
  for (const way of ['scheduled', 'safety'] as const) {
    const ofWay = (await listBackups(dataDir)).filter((one) => one.way === way)
    for (const { name } of ofWay.slice(most).filter((one) => !isKeptForSafety(one))) {
      await rm(join(backupFolder(dataDir), name), { force: true })
      removed.push(name)
    }
  }
  return removed
}

/** Removes what a stopped program left unfinished a day ago, or whatever its age. */
export async function removeUnfinished(dataDir: string, keptForMs = 86_400_000) {
  const folder = incomingFolder(dataDir)
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > keptForMs) await rm(path, { recursive: true, force: true })
  }
}

/** Left to those who go on working meanwhile. */
const margin = 64 * 1024 * 1024

/** Refuses work that would fill the disk. */
export async function refuseWithoutSpace(folder: string, bytes: number) {
  await mkdir(folder, { recursive: true })
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < bytes + margin)
    throw new Refusal({ status: 503, message: text.backups.noSpace(showSize(bytes + margin), showSize(free)) })
}

/** Says a full or closed disk in a sentence; anything else stays what it is. */
export function diskProblem(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code.startsWith('SQLITE_FULL') || code === 'EDQUOT')
    return new Refusal({ status: 503, message: text.backups.full })
  if (code === 'EFBIG') return new Refusal({ status: 503, message: text.backups.fileTooLarge })
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new Refusal({ status: 503, message: text.backups.notWritable })
  return error
}

/** `none` for what is not there; whatever else the disk refuses must not pass for that. */
export const ifMissing =
  <T>(none: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== 'ENOENT') throw error
    return none
  }

/** Waits until a file, and its name, are on the disk. */
export async function settle(path: string) {
  for (const each of [path, dirname(path)]) {
    const handle = await open(each, 'r')
    await handle.sync().finally(() => handle.close())
  }
}
