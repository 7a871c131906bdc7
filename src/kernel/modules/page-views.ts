import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import type { formView } from '../web/form-view.ts'
import type { Action } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'

/** What stands in a field of a record as views/shared/_value.eta wants it. */
export type Item = {
  name?: string
  label: string
  text: string
  href?: string | undefined
  isGone?: boolean | undefined
  isWide?: boolean | undefined
  copy?: boolean
  /** Where it is changed by itself. */
  editHref?: string | undefined
  doubt?: string | undefined
  tone?: string | null | undefined
  /** How who is named is reached. */
  number?: Item
}

/** The card of a record as views/shared/_card.eta wants it. */
export type Card = {
  title: string
  actions: Action[]
  groups: { title: string; items: Item[] }[]
  tags?: { text: string; tone: string }[]
} & Record<string, unknown>

/** The record that a card shows, as its reader may read it. */
export type OnCard = {
  request: FastifyRequest
  record: { id: number } & Record<string, unknown>
  reference: Reference
}

/** For whom a form is made, and of which record where there is one. */
export type OnForm = { viewer: Viewer; reference: Reference; record?: Record<string, unknown> | undefined }

/** The form of a record, by its view. */
export type FormPage = ReturnType<typeof formView> & { view: string; title: string }
