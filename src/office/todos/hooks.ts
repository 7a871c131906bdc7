import { chinaMinute, startOfDay, today } from '../../kernel/china/clock.ts'
import type { Run, Stored } from '../../kernel/modules/module.ts'
import { addRecord, removeRecord } from '../../kernel/modules/records.ts'
import { turned } from '../../kernel/modules/turning.ts'
import { type FieldError, fieldError, type Values } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { isDayOff, workdaysBetween } from '../workdays/workdays.ts'
import { daysLater, mostTimes, mostYears, nextOccurrence, type OffDayWay, type RepeatRule } from './recurrence.ts'

const t = text.todos
const dayOf = (instant: unknown) => String(chinaMinute(instant)).slice(0, 10)

/** A new one is for today. */
export const begun = async (): Promise<Values> => ({
  due_at: new Date(Date.parse(startOfDay(today())) + 18 * 3_600_000).toISOString(),
  priority: 'normal',
  state: 'open',
})

/** A repetition has an end. */
export async function checked(_run: Run, values: Values): Promise<FieldError[]> {
  const { repeat_rule, repeat_until_on: until, repeat_count: count, due_at } = values
  const at = (name: 'repeat_rule' | 'repeat_until_on' | 'repeat_count', message: string) => [
    fieldError({ name, label: t.fields[name] }, message),
  ]
  if (!repeat_rule) return until || count ? at('repeat_rule', t.noRule) : []
  if (!until && count === null) return at('repeat_until_on', t.endless)
  if (count !== null && (Number(count) < 1 || Number(count) > mostTimes)) return at('repeat_count', t.counts)
  if (!until) return []
  const from = dayOf(due_at)
  if (String(until) < from) return at('repeat_until_on', t.untilEarly)
  return String(until) > daysLater(from, 366 * mostYears) ? at('repeat_until_on', t.untilFar) : []
}

/** What follows from a save: a series begins where its day was chosen; who is done with one gets the next one. */
export async function followed(run: Run, after: Stored, before?: Stored) {
  const isBegun = before?.due_at !== after.due_at || before?.repeat_rule !== after.repeat_rule
  if (isBegun) {
    const repeat_from_on = after.repeat_rule ? dayOf(after.due_at) : null
    await run.trx('todos').where({ id: after.id }).update({ repeat_from_on, repeat_place: 0 })
    Object.assign(after, { repeat_from_on, repeat_place: 0 })
  }
  if (!before || before.state === after.state) return
  if (after.state === 'done') await addNext(run, after)
  else await takeNextBack(run, after)
}

async function addNext({ trx, actor }: Run, done: Stored) {
  const from = done.repeat_from_on as string | null
  if (!done.repeat_rule || !from) return
  const workdays = await workdaysBetween(trx, from, daysLater(from, 366 * (mostYears + 1)))
  const count = done.repeat_count as number | null
  const next = nextOccurrence(
    {
      rule: done.repeat_rule as RepeatRule,
      from,
      offDays: (done.repeat_off_days as OffDayWay | null) ?? 'keep',
      until: done.repeat_until_on as string | null,
      left: count === null ? null : count - 1,
    },
    { after: Number(done.repeat_place), notBefore: today(), isOff: (day) => isDayOff(workdays, day) },
  )
  if (!next) return
  const module = turned('todos')
  const same = Object.fromEntries(module.fields.map(({ name }) => [name, done[name] ?? null]))
  const time = String(chinaMinute(done.due_at)).slice(11)
  const due_at = new Date(`${next.day}T${time}:00+08:00`).toISOString()
  await addRecord(
    trx,
    module,
    {
      ...same,
      due_at,
      state: 'open',
      repeat_count: count === null ? null : Number(next.left) + 1,
      repeat_from_on: from,
      repeat_place: next.place,
      previous_id: done.id,
    },
    actor,
  )
}

/** Who was not done after all does not have the next one yet, unless somebody changed it. */
async function takeNextBack({ trx, actor }: Run, { id }: Stored) {
  const next = await trx('todos').where({ previous_id: id, state: 'open', version: 1 }).whereNull('deleted_at').first()
  if (next) await removeRecord(trx, turned('todos'), next, actor)
}
