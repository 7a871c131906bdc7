import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import type { formView } from '../web/form.ts'
import type { Action } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'

type Item = { label: string; text: string; href?: string | undefined; isWide?: boolean | undefined }

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
