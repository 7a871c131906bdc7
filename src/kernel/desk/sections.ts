import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Cell } from '../web/list.ts'

/** A part of the workbench, as views/shared/_below.eta wants it. */
export type DeskSection = {
  title: string
  columns: { name: string; label: string; align?: 'end' | undefined }[]
  rows: { id: number; href?: string; cells: Cell[] }[]
  note?: string | null
  allHref?: string | null
  empty: string
  /** It stands beside the others. */
  isAside?: boolean
}

/** Makes it for a person; undefined where it is none of theirs, or there is nothing to say. */
type Make = (app: FastifyInstance, request: FastifyRequest) => Promise<DeskSection | undefined>

const registered = new Map<number, Make>()

/** Puts a part on everybody's workbench, each at a place of its own; those of lower places stand first. */
export const registerDeskSection = (place: number, make: Make): void => void registered.set(place, make)

/** All parts that a person has. */
export async function deskSections(app: FastifyInstance, request: FastifyRequest): Promise<DeskSection[]> {
  const made = []
  const places = [...registered.keys()].sort((one, other) => one - other)
  for (const place of places) made.push(await registered.get(place)?.(app, request))
  return made.filter((section) => section !== undefined)
}
