import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { check, type Field, line } from '../web/fields.ts'

const labels = text.listViews.fields
const name: Field = { name: 'name', label: labels.name, kind: line, max: 30, isRequired: true }
const shared: Field = { name: 'is_shared', label: labels.is_shared, kind: check, hint: text.listViews.sharedHint }

export const nameField = name

/** Only who may share is asked whether to. */
export const viewFields = (request: FastifyRequest): Field[] =>
  request.can('list_views.share') ? [name, shared] : [name]
