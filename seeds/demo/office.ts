import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { addReport } from '../../src/analysis/saved-reports/report.ts'
import { tags as tagModule } from '../../src/customers/tags/tags.ts'
import { today } from '../../src/kernel/china/clock.ts'
import { addRecord } from '../../src/kernel/modules/records.ts'
import type { Reference } from '../../src/kernel/reference.ts'
import type { Values } from '../../src/kernel/web/form.ts'
import type { Actor } from '../../src/kernel/web/session.ts'
import { findCompany, saveCompany } from '../../src/office/company/company.ts'
import { competitors } from '../../src/office/competitors.ts'
import { memos } from '../../src/office/memos/memos.ts'
import { daysLater } from '../../src/office/todos/recurrence.ts'
import { todos } from '../../src/office/todos/todos.ts'

type Tag = { name: string; tone: string; every: number }
export type Letter = { template: string; days_ago: number; count: number; state: string; answer: string | null }
export type Template = { name: string; subject: string; body: string }
type Todo = Values & { in_days: number; at: string; from: 'first' | null }
type Office = {
  todos: Todo[]
  memos: { subject: string; in_days: number }[]
  company: Values
  competitors: Values[]
  tags: Tag[]
  templates: Template[]
  letters: Letter[]
  notes: { title: string; content: string }[]
  reports: { analysis: string; name: string; query: string }[]
}

export const office: Office = JSON.parse(readFileSync(new URL('office.json', import.meta.url), 'utf8'))

/** Our own data, competitors, and what a person has on the start page and the note pad. */
export async function addOffice(trx: Knex, reference: Reference, actor: Actor & { id: number }) {
  const { version, name } = await findCompany(trx)
  await saveCompany(trx, { version, values: { ...office.company, name }, actor, reference })
  for (const competitor of office.competitors) await addRecord(trx, competitors, competitor, actor)
  for (const report of office.reports) await addReport(trx, { ...report, is_shared: true, is_pinned: true }, actor)
  const updated_at = new Date().toISOString()
  for (const note of office.notes) await trx('notes').insert({ ...note, user_id: actor.id, updated_at, version: 1 })
}

/** What each person has to do and to think of around today; the first one gave some of it. */
export async function addTodos(trx: Knex, people: number[], actor: Actor & { id: number }) {
  const open = { priority: 'normal', state: 'open', repeat_rule: null, repeat_count: null, repeat_place: 0 }
  for (const user_id of people)
    for (const { subject, in_days } of office.memos)
      await addRecord(trx, memos, { subject, shown_on: daysLater(today(), in_days), state: 'open', user_id }, actor)
  for (const [place, owner_id] of people.entries())
    for (const { in_days, at, from, ...todo } of office.todos.filter((_todo, every) => (every + place) % 2 === 0)) {
      const day = daysLater(today(), in_days)
      const due_at = new Date(`${day}T${at}:00+08:00`).toISOString()
      const series = todo.repeat_rule ? { repeat_from_on: day } : {}
      const giver_id = from === 'first' ? actor.id : owner_id
      await addRecord(trx, todos, { ...open, ...todo, ...series, due_at, owner_id, giver_id }, actor)
    }
}

/** The tags; answers which of them the customer at a place has. */
export async function addTags(trx: Knex, actor: Actor): Promise<(at: number) => number[]> {
  const tags: { id: number; every: number }[] = []
  for (const { every, ...tag } of office.tags)
    tags.push({ id: (await addRecord(trx, tagModule, tag, actor)).id, every })
  return (at) => tags.filter(({ every }) => at % every === every - 1).map(({ id }) => id)
}
