import type { FastifyInstance } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import { text } from '../../texts/index.ts'
import { CalculationError, calculate } from './calculation.ts'
import { monthIn, monthLater, weeksOf } from './month.ts'
import { noteRoutes } from './notes.ts'

const t = text.tools
const config = { permission: 'signed-in' } as const
const longestTape = 10

/** Handy tools [S16]: a calculator, a calendar and a note pad. */
export async function toolRoutes(app: FastifyInstance) {
  calculator(app)
  calendar(app)
  noteRoutes(app)
}

type Asked = { Querystring: { q?: string; tape?: string | string[] } }

/** Without script: what was reckoned before goes along in the address. */
function calculator(app: FastifyInstance) {
  app.get<Asked>('/tools/calculator', { config }, (request, reply) => {
    const typed = String(request.query.q ?? '').trim()
    const before = [request.query.tape ?? []].flat().map((line) => String(line).slice(0, 300))
    const { result, error } = typed ? reckoned(typed) : {}
    const tape = result === undefined ? before : [t.line(typed, result), ...before]
    return reply.code(error ? 422 : 200).page('office/tools/calculator', {
      title: t.calculator,
      typed: result === undefined ? typed : result.replaceAll(',', ''),
      result,
      error,
      tape: tape.slice(0, longestTape),
    })
  })
}

function reckoned(typed: string): { result?: string; error?: string } {
  try {
    return { result: calculate(typed) }
  } catch (error) {
    if (error instanceof CalculationError) return { error: t.faults[error.fault] }
    throw error
  }
}

function calendar(app: FastifyInstance) {
  app.get<{ Querystring: { month?: string } }>('/tools/calendar', { config }, (request, reply) => {
    const month = monthIn(request.query.month, today())
    const link = (label: string, to: string) => ({ label, href: `/tools/calendar?month=${to}` })
    return reply.page('office/tools/calendar', {
      title: t.calendar,
      month,
      heading: t.month(...(month.split('-').map(Number) as [number, number])),
      weekdays: t.weekdays,
      weeks: weeksOf(month, today()),
      links: [
        link(t.yearBefore, monthLater(month, -12)),
        link(t.monthBefore, monthLater(month, -1)),
        { label: t.today, href: '/tools/calendar' },
        link(t.monthAfter, monthLater(month, 1)),
        link(t.yearAfter, monthLater(month, 12)),
      ],
    })
  })
}
