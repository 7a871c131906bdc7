import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type RecordEvent, recordEvent } from '../history/history.ts'
import { Stale } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { type FileKind, kinds } from './kinds.ts'
import { removeStored } from './storage.ts'
import type { StoredContent } from './upload.ts'

/** The record a file hangs on, as events name it. */
export type Holder = { record_type: string; record_id: number; record_name: string }

export type StoredFile = StoredContent & {
  id: number
  kind: FileKind
  user_id: number
  created_at: string
  version: number
}

const filesOn = (db: Knex, { record_type, record_id }: Omit<Holder, 'record_name'>): Knex.QueryBuilder =>
  db('files').where({ record_type, record_id })

/** The files of a record that are not deleted, newest first. */
export const filesOf = (db: Knex, holder: Holder): Promise<StoredFile[]> =>
  filesOn(db, holder).whereNull('deleted_at').orderBy('id', 'desc').select('*')

/** What the card of a record shows of its files, newest first. */
export const fileMarks = (db: Knex, holder: Holder): Promise<Pick<StoredFile, 'id' | 'kind'>[]> =>
  filesOn(db, holder).whereNull('deleted_at').orderBy('id', 'desc').select('id', 'kind')

/** How many files a record has, deleted ones too. */
export async function countFiles(db: Knex, holder: Omit<Holder, 'record_name'>): Promise<number> {
  const row = await filesOn(db, holder).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

/** One file of a record; a refusal that looks the same whether it is missing, deleted, of another record or kind. */
export async function findFile(db: Knex, holder: Holder, kind: FileKind, id: number): Promise<StoredFile> {
  const file = await filesOn(db, holder).where({ kind, id }).whereNull('deleted_at').first()
  if (!file) throw notFound()
  return file
}

/** Notes a stored file down at its record; a new picture takes the place of the one before. Answers the id. */
export async function addFile(
  trx: Knex,
  holder: Holder,
  kind: FileKind,
  content: StoredContent,
  actor: Actor,
): Promise<number> {
  const { record_type, record_id } = holder
  const created_at = new Date().toISOString()
  const earlier = kind === 'picture' ? await giveUpPicture(trx, holder, created_at) : undefined
  const row = { record_type, record_id, kind, ...content, user_id: actor.id, created_at, version: 1 }
  const [{ id }] = await trx('files').insert(row).returning('id')
  await recordEvent(trx, actor, eventOf(holder, 'upload', earlier, { id, kind, name: content.name }))
  return id
}

async function giveUpPicture(trx: Knex, holder: Holder, deleted_at: string): Promise<StoredFile | undefined> {
  const pictures = () => filesOn(trx, holder).where({ kind: 'picture' }).whereNull('deleted_at')
  const earlier = await pictures().orderBy('id', 'desc').first()
  await pictures().update({ deleted_at })
  return earlier
}

/** Takes a file off its record. Throws Stale when somebody was quicker. */
export async function deleteFile(trx: Knex, holder: Holder, file: StoredFile, actor: Actor) {
  const { id, version } = file
  const gone = { deleted_at: new Date().toISOString(), version: version + 1 }
  const count = await trx('files').where({ id, version }).whereNull('deleted_at').update(gone)
  if (count === 0) throw new Stale()
  await recordEvent(trx, actor, eventOf(holder, 'remove-file', file, undefined))
}

type Named = Pick<StoredFile, 'id' | 'kind' | 'name'>

/** The history is open to more people than papers are: of these it says the number alone. */
const shownName = ({ id, kind, name }: Named) => (kinds[kind].isPrivate ? text.files.numbered(id) : name)

function eventOf(holder: Holder, action: 'upload' | 'remove-file', was: Named | undefined, is: Named | undefined) {
  const [before, after] = [was ? shownName(was) : null, is ? shownName(is) : null]
  const change = { field: (is ?? was)?.kind ?? '', before, after, beforeText: before ?? '', afterText: after ?? '' }
  return { ...holder, action, changes: [change] } satisfies RecordEvent
}

/** Gives up all files of a record that goes for good; their content is removed by `removePurged` after the commit. */
export const purgeFiles = (trx: Knex, { record_type, record_id }: Omit<Holder, 'record_name'>) =>
  purgeFilesOf(trx, record_type, [record_id])

/** The same of many records, at most 500. */
export async function purgeFilesOf(trx: Knex, record_type: string, ids: number[]) {
  const now = new Date().toISOString()
  await trx('files').where({ record_type }).whereIn('record_id', ids).update({ deleted_at: now, purged_at: now })
}

/** Removes the content and then the rows of files that were given up; what cannot be removed stays for the next time. */
export async function removePurged(db: Knex, folder: string) {
  const rows: { id: number; storage_name: string }[] = await db('files')
    .whereNotNull('purged_at')
    .select('id', 'storage_name')
  for (const { id, storage_name } of rows) {
    await removeStored(folder, storage_name)
    await db('files').where({ id }).delete()
  }
}
