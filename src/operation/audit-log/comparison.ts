import type { FastifyInstance } from 'fastify'
import { singleLine } from '../../kernel/china/text.ts'
import { isLinkHash } from '../../kernel/history/chain.ts'
import { type Field, type FieldKind, line } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, readForm } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { text } from '../../texts/index.ts'
import { compareWith } from './verification.ts'

const texts = text.auditLog.verification
const path = '/audit-log/verification/comparison'

const sequenceKind: FieldKind = {
  ...line,
  parse: (typed) => {
    const digits = typed.replace(/[,\s]/g, '')
    if (!/^[1-9]\d{0,8}$/.test(digits)) throw texts.wrongSequence
    return Number(digits)
  },
}

const hashKind: FieldKind = {
  ...line,
  parse: (typed) => {
    const value = singleLine(typed).replaceAll(' ', '')
    if (!isLinkHash(value) || value.length > 60) throw texts.wrongHash
    return value
  },
}

const fields: Field[] = [
  { name: 'last_sequence', label: texts.facts.last_sequence, kind: sequenceKind, isRequired: true },
  { name: 'last_hash', label: texts.facts.last_hash, kind: hashKind, isRequired: true, isWide: true },
]

/**
 * Whoever can write to the database itself could make the whole chain anew. A report that was printed before gives that
 * away: what it says of its last entry must still stand there.
 */
export function comparisonRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'audit_log.verify' as const } }

  app.get<{ Querystring: Body }>(path, options, async (request, reply) => {
    const typed = request.query
    if (Object.keys(typed).length === 0) return reply.page('operation/audit-log/comparison', page({}))
    const { values, errors } = readForm(fields, typed, undefined as never)
    if (errors.length > 0) return reply.code(422).page('operation/audit-log/comparison', page(typed, errors))
    const compared = await compareWith(app.db, values.last_sequence as number, values.last_hash as string)
    const result = { text: texts[compared], isGood: compared === 'same' }
    return reply.page('operation/audit-log/comparison', { ...page(typed), result })
  })
}

function page(typed: Body, errors: FieldError[] = []) {
  const form = formView({
    id: 'comparison',
    action: path,
    groups: [{ title: texts.compareText, fields }],
    typed,
    errors,
    reference: undefined as never,
    submitLabel: texts.compareButton,
    cancelHref: '/audit-log/verification',
  })
  return { title: texts.compare, errors, form: { ...form.form, method: 'get' }, result: null }
}
