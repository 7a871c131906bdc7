import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { removeStored } from '../files/storage.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { type ReadingRights, type RouteRight, readingRights } from './rights.ts'

export type MadeState = 'making' | 'ready' | 'failed'

/** A file that the program made for somebody; kept for some days, so that it can be fetched again. */
export type MadeFile = {
  id: number
  user_id: number
  name: string
  state: MadeState
  /** What somebody needs to have it, and what else they could read when it was made. */
  permission: RouteRight
  rights: ReadingRights
  storage_name: string | null
  size_bytes: number | null
  created_at: string
}

export const daysKept = 7
const dayMs = 86_400_000
const mostMakingMs = 3_600_000

export const madeFolder = (dataDir: string) => join(dataDir, 'made')
export const expiryOf = ({ created_at }: Pick<MadeFile, 'created_at'>) =>
  new Date(Date.parse(created_at) + daysKept * dayMs).toISOString()

/** For whom, and by which right, a file is made. */
export type For = { viewer: Viewer; permission: RouteRight; name: string }
export type StoredContent = { storage_name: string; size_bytes: number }

/** Notes a file down: one that is there, or one that is still being made. Answers its number. */
export async function addMadeFile(db: Knex, { viewer, permission, name }: For, content?: StoredContent) {
  const row = {
    user_id: viewer.id,
    name,
    state: content ? 'ready' : 'making',
    permission,
    rights: JSON.stringify(readingRights(viewer, permission)),
    storage_name: content?.storage_name ?? null,
    size_bytes: content?.size_bytes ?? null,
    created_at: new Date().toISOString(),
  }
  const [{ id }] = await db('made_files').insert(row).returning('id')
  return id as number
}

/** Ends the making of a file. */
export const finishMadeFile = (db: Knex, id: number, content: StoredContent | null) =>
  db('made_files')
    .where({ id, state: 'making' })
    .update(content ? { ...content, state: 'ready' } : { state: 'failed' })

/** Those that are still kept: the own ones, or all with the right to see what others have the program do. */
export function visibleMadeFiles(db: Knex, viewer: Viewer): Knex.QueryBuilder {
  const kept = db('made_files').where('made_files.created_at', '>', keptSince())
  return viewer.can('jobs.view') ? kept : kept.where('made_files.user_id', viewer.id)
}

const keptSince = () => new Date(Date.now() - daysKept * dayMs).toISOString()

/** One of those; every other is not there. */
export async function findMadeFile(db: Knex, viewer: Viewer, id: number): Promise<MadeFile> {
  const row = await visibleMadeFiles(db, viewer).where('made_files.id', id).first()
  if (!row) throw notFound()
  return read(row)
}

/** What is still being made after an hour was given up with the program that made it. */
export const stateOf = ({ state, created_at }: Pick<MadeFile, 'state' | 'created_at'>): MadeState =>
  state === 'making' && Date.parse(created_at) < Date.now() - mostMakingMs ? 'failed' : state

const read = (row: Omit<MadeFile, 'rights'> & { rights: string }): MadeFile => ({
  ...row,
  state: stateOf(row),
  size_bytes: row.size_bytes === null ? null : Number(row.size_bytes),
  rights: JSON.parse(row.rights),
})

/** Takes a file away, its content first: what is noted down without content is only missing, never unknown. */
export async function removeMadeFile(
  db: Knex,
  dataDir: string,
  { id, storage_name }: Pick<MadeFile, 'id' | 'storage_name'>,
) {
  if (storage_name) await removeStored(madeFolder(dataDir), storage_name)
  await db('made_files').where({ id }).delete()
}

/** Removes what has been kept long enough; also content that nothing names any more, as after a restoration. */
export async function removeOldMadeFiles(db: Knex, dataDir: string) {
  const old = await db('made_files').where('created_at', '<=', keptSince()).select('id', 'storage_name')
  for (const file of old) await removeMadeFile(db, dataDir, file)
  const named = new Set<string>(await db('made_files').whereNotNull('storage_name').pluck('storage_name'))
  const entries = await readdir(madeFolder(dataDir), { recursive: true, withFileTypes: true }).catch(() => [])
  for (const { name, parentPath } of entries.filter((one) => /^[0-9a-f]{32}$/.test(one.name) && !named.has(one.name)))
    if ((await stat(join(parentPath, name))).mtimeMs < Date.parse(keptSince())) await rm(join(parentPath, name))
}
