import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { openSecrets, type Sealer } from '../../kernel/secrets.ts'

/*
 * Each link of the chain is keyed, so whoever writes into the database without the key file can neither change nor take
 * out an entry between two others. What is left is the end: it may be cut off as a whole, or everything be made anew
 * without a key, as if the program had just been updated. So where the chain ends is also kept outside of the database,
 * in the data folder, sealed with the same key. It only ever moves on: where the database no longer holds it, an entry
 * of the log says so (breaks.ts), which no check passes over.
 *
 * Not kept off: who sets database and data folder back together; a printed report gives that away (comparison.ts). Who
 * writes into the database while the program runs may add entries, as he may do anything in anybody's name.
 */

/** A link of the chain: which one it is, and its hash. */
export type LogEnd = { sequence: number; hash: string }

/** Where the key of the log and its end outside of the database lie. */
export type LogPlace = Pick<Config, 'dataDir' | 'secretKeyFile'>

export const logSealer = ({ secretKeyFile }: LogPlace): Sealer => openSecrets(secretKeyFile).sealer('log')

const fileOf = ({ dataDir }: LogPlace) => join(dataDir, 'log.anchor')
const said = ({ sequence, hash }: LogEnd) => `end ${sequence} ${hash}`

/** The end as it was last known here; `forged` where it was not written by this program with a key that is here. */
export async function readAnchor(place: LogPlace): Promise<LogEnd | 'forged' | undefined> {
  const content = await readFile(fileOf(place), 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (content === undefined) return undefined
  const [sequence = '', hash = '', seal = ''] = content.trim().split(' ')
  const end = { sequence: Number(sequence), hash: hash === '-' ? '' : hash }
  const state = logSealer(place).look(said(end), seal)
  return state === 'own' || state === 'replaced' ? end : 'forged'
}

/** Keeps where the chain ends; whole at any moment, whoever reads it. */
export async function writeAnchor(place: LogPlace, end: LogEnd) {
  const unfinished = `${fileOf(place)}.${randomUUID()}`
  const line = [end.sequence, end.hash || '-', logSealer(place).seal(said(end))].join(' ')
  try {
    await writeFile(unfinished, `${line}\n`, { mode: 0o600, flag: 'wx' })
    await rename(unfinished, fileOf(place))
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** Of a database that is gone with its process nothing is kept. */
export const forgetAnchor = (place: LogPlace) => rm(fileOf(place), { force: true })
