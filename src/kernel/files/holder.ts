import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Permission } from '../permissions.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import type { Holder } from './file.ts'
import type { FileKind } from './kinds.ts'

/** Where files of records stand: those of one module, or of all that rows define, whose addresses tell them apart. */
export type FilePlace = {
  path: string
  kinds: readonly FileKind[]
  /** The right on files as a route names it, where the module of a request has any. */
  right(permission: Permission): Access | AccessOf
  /** Throws notFound where the address names none. */
  of(request: FastifyRequest): RecordsWithFiles
}

/** The records of a request, where they have files of a kind. Throws notFound. */
export function recordsOf(place: FilePlace, request: FastifyRequest, kind: FileKind): RecordsWithFiles {
  const records = place.of(request)
  if (!records.kinds.includes(kind)) throw notFound()
  return records
}

export type HeldRecord = { id: number } & Record<string, unknown>

/** The records of a module as what files hang on: the files themselves know nothing else of them. */
export type RecordsWithFiles = {
  /** Below it a record stands by its id. */
  path: string
  kinds: readonly FileKind[]
  /** A record that this right on its files reaches. Throws notFound or forbidden. */
  find(db: Knex, viewer: Viewer, id: number, permission: Permission): Promise<HeldRecord>
  /** What this person may do with the files of a record that was found. */
  rightsOn(db: Knex, viewer: Viewer, record: HeldRecord): Promise<(permission: Permission) => boolean>
  /** Why a record takes no files of a kind; undefined where it does. */
  whyNot?(kind: FileKind, record: HeldRecord): string | undefined
  /** The record as events name it. */
  eventOf(record: HeldRecord): Holder
  /** The head of its card, with the tab of files as the present one. */
  page(
    app: FastifyInstance,
    request: FastifyRequest,
    record: HeldRecord,
  ): Promise<{ title: string; card: Record<string, unknown> }>
}
