import { readFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import { bumpRevision, cachedByRevision } from '../../kernel/db/cache-revision.ts'
import { fileFolder, storedPath } from '../../kernel/files/storage.ts'
import type { StoredContent } from '../../kernel/files/upload.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { Stale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

export const pictureNames = ['logo', 'seal'] as const
export type PictureName = (typeof pictureNames)[number]

const megabyte = 1024 * 1024
/** Small enough for a head of 110 points at 288 dots an inch, and for a seal of 42 mm at 300. */
export const pictureLimits = {
  logo: { mostBytes: 5 * megabyte, isPicture: true, mark: { width: 440, height: 176 } },
  seal: { mostBytes: 5 * megabyte, isPicture: true, mark: { width: 500, height: 500 } },
}

export type CompanyPicture = StoredContent & { id: number; kind: PictureName; version: number; created_at: string }

/** Where a picture is shown. */
export const pathOf = ({ id }: Pick<CompanyPicture, 'id'>) => `/company/pictures/${id}`

const ours = { record_type: 'company', record_id: 1 }

const present = (db: Knex): Knex.QueryBuilder => db('files').where(ours).whereNull('deleted_at')

export const pictureOf = (db: Knex, kind: PictureName): Promise<CompanyPicture | undefined> =>
  present(db).where({ kind }).orderBy('id', 'desc').first()

/** Our logo, for every page. */
const logoAt = cachedByRevision((db: Knex) => pictureOf(db, 'logo'))

/** Where everybody gets our logo, for paper and for the page on which one signs in; null without one. */
export async function logoAddress(db: Knex, revision: number): Promise<string | null> {
  const logo = await logoAt(db, revision)
  return logo ? `/company/logo/${logo.id}` : null
}

/** One of our pictures; a refusal where it is gone, or of another kind. */
export async function findPicture(db: Knex, id: number, kind?: PictureName): Promise<CompanyPicture> {
  const picture = await present(db)
    .where({ id, ...(kind && { kind }) })
    .first()
  if (!picture) throw notFound()
  return picture
}

/** Puts a stored picture into the place of the one before. */
export async function addPicture(trx: Knex, kind: PictureName, content: StoredContent, actor: Actor) {
  await bumpRevision(trx)
  const created_at = new Date().toISOString()
  await present(trx).where({ kind }).update({ deleted_at: created_at })
  await trx('files').insert({ ...ours, kind, ...content, user_id: actor.id, created_at, version: 1 })
  await note(trx, kind, 'upload', content.name, actor)
}

/** Throws Stale when another one took its place. */
export async function removePicture(trx: Knex, { id, kind, name, version }: CompanyPicture, actor: Actor) {
  await bumpRevision(trx)
  const gone = { deleted_at: new Date().toISOString(), version: version + 1 }
  if ((await present(trx).where({ id, version }).update(gone)) === 0) throw new Stale()
  await note(trx, kind, 'remove-file', name, actor)
}

function note(trx: Knex, kind: PictureName, action: 'upload' | 'remove-file', name: string, actor: Actor) {
  const [before, after] = action === 'upload' ? [null, name] : [name, null]
  const change = { field: kind, before, after, beforeText: before ?? '', afterText: after ?? '' }
  return recordEvent(trx, actor, { ...ours, record_name: text.company.title, action, changes: [change] })
}

/** The bytes of our logo for the head of a report; null without one, or where its file is gone. */
export async function logoBytes(db: Knex, revision: number, dataDir: string): Promise<Buffer | null> {
  const logo = await logoAt(db, revision)
  return logo ? readFile(storedPath(fileFolder(dataDir), logo.storage_name)).catch(() => null) : null
}
