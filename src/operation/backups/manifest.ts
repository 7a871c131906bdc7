import type { LogEnd } from '../audit-log/anchor.ts'
import type { Way } from './place.ts'

/** One file of a backup: its path in the zip, its size and what it says. */
export type PackedFile = { path: string; bytes: number; sha256: string }

/** What a backup says of itself; the last entry of its zip, written when all others are known. */
export type Manifest = {
  format: string
  formatVersion: number
  program: string
  createdAt: string
  createdBy: string
  way: Way
  company: string
  /** The schema: every migration the database has seen. */
  migrations: string[]
  /** The rows of each table; empty where the database was too damaged to count them. */
  counts: Record<string, number>
  /** The keys without which some contents cannot be read (src/kernel/secrets.ts). */
  keys: string[]
  files: PackedFile[]
  /** The end of the operation log in it, and under which name whoever ordered a backup before a restoration signs in. */
  log?: LogEnd
  account?: string
  /** Where SQL Server itself keeps the database that belongs to these files. */
  serverFile?: string
}

export const format = 'kehu-backup'
/** 2: the manifest is sealed (seal.ts). */
export const formatVersion = 2
export const manifestPath = 'manifest.json'
export const databasePath = 'kehu.db'

/** What a backup may hold beside the manifest: the database or its tables, stored files and the files of imports. Nothing leads out. */
const allowed =
  /^(?:kehu\.db|tables\/[a-z][a-z0-9_]*\.csv|files\/[0-9a-f]{2}\/[0-9a-f]{32}(?:\.thumbnail)?|imports\/[0-9a-f-]{36})$/
export const isAllowedPath = (path: string) => allowed.test(path)

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

/** Whether something read from a file is a manifest; `format` alone may be another version. */
export function isManifest(value: unknown, expected: string): value is Manifest {
  const one = value as Manifest
  if (typeof one !== 'object' || one === null || one.format !== expected || !isCount(one.formatVersion)) return false
  if (one.formatVersion > formatVersion) return true
  const isWhole = [one.program, one.createdAt, one.createdBy, one.way, one.company].every(isText)
  const areFiles =
    Array.isArray(one.files) &&
    one.files.every((file) => isText(file?.path) && isCount(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256))
  const areCounts = typeof one.counts === 'object' && one.counts !== null && Object.values(one.counts).every(isCount)
  return (
    isWhole && areFiles && areCounts && isTexts(one.migrations) && isTexts(one.keys) && isText(one.serverFile ?? '')
  )
}
