import type { Knex } from 'knex'
import { today } from '../../kernel/china/clock.ts'
import type { DeskSection } from '../../kernel/desk/sections.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Cell, Column, Row } from '../../kernel/web/list.ts'
import { shownColumns } from '../../kernel/web/list-columns.ts'
import { completed, listPage } from '../../kernel/web/list-page.ts'
import { parametersIn, readListQuery } from '../../kernel/web/list-query.ts'
import { countText } from '../../kernel/web/list-view.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { customerList } from '../customers/list.ts'
import { lastSaid, type Said } from './last-said.ts'

const t = text.followUps.day
/** So many customers stand in each group. */
const most = 20
/** Of so many days to come. */
const ahead = 7
const columns = 'name,level_id,main_contact,main_mobile,next_contact_on,follow_up'
const dayMs = 86_400_000
const daysFrom = (day: string, days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

type Of = { db: Knex; viewer: Viewer; reference: Reference; owner: number }

/**
 * Whom a person is to reach 「今日回访客户」: overdue, today, in the days to come, without a day, and never reached; each
 * group by the index of its day, computed from how the customers stand.
 */
export async function groupsOfDay(of: Of): Promise<DeskSection[]> {
  const day = today()
  const asked = [
    [t.overdue, `next_contact_on_to=${daysFrom(day, -1)}&sort=next_contact_on`],
    [t.today, `next_contact_on_from=${day}&next_contact_on_to=${day}`],
    [
      t.coming(ahead),
      `next_contact_on_from=${daysFrom(day, 1)}&next_contact_on_to=${daysFrom(day, ahead)}&sort=next_contact_on`,
    ],
    [t.unplanned, 'f=next_contact_on:empty'],
  ] as const
  const groups = []
  for (const [title, query] of asked) groups.push(await groupOf(of, title, `owner_id=${of.owner}&${query}`))
  return [...groups, await neverReached(of)]
}

const queryOf = ({ viewer, reference }: Of, asked: string) =>
  readListQuery(customerList, parametersIn(`${asked}&per=${most}&columns=${columns}`), { reference, viewer })

async function groupOf(of: Of, title: string, asked: string): Promise<DeskSection> {
  const query = queryOf(of, asked)
  const page = await listPage(of.db, customerList, query)
  return {
    ...(await tableOf(of, page.rows, shownColumns(customerList, query))),
    title: t.counted(title, countText(page)),
    note: page.total > most ? t.firstOnly(most) : null,
    allHref: page.total > most ? `/customers?${asked}` : null,
    empty: t.nobody,
  }
}

/** Those with whom nobody has talked yet, the newest first. */
async function neverReached(of: Of): Promise<DeskSection> {
  const query = queryOf(of, `owner_id=${of.owner}`)
  const rows: Row[] = await visibleCustomers(of.db, of.viewer)
    .where('customers.owner_id', of.owner)
    .whereNotExists(
      of.db('follow_ups').where('follow_ups.customer_id', of.db.ref('customers.id')).whereNull('follow_ups.deleted_at'),
    )
    .orderBy('customers.registered_on', 'desc')
    .orderBy('customers.id', 'desc')
    .limit(most + 1)
    .select('customers.*')
  const shown = await completed(of.db, customerList, query, rows.slice(0, most))
  return {
    ...(await tableOf(of, shown, shownColumns(customerList, query))),
    title: t.never,
    note: rows.length > most ? t.firstOnly(most) : null,
    empty: t.nobody,
  }
}

async function tableOf({ db, viewer, reference }: Of, rows: Row[], columns: Column[]) {
  const said = await lastSaid(
    db,
    viewer,
    rows.map(({ id }) => id),
  )
  const seen = columns.filter(({ permission }) => !permission || viewer.can(permission))
  const [acts, facts] = [seen.filter(({ permission }) => permission), seen.filter(({ permission }) => !permission)]
  const last = [
    { name: 'last_said', label: t.lastSaid },
    { name: 'next_content', label: text.followUps.fields.next_content },
  ]
  return {
    columns: [...facts.map(headOf), ...last, ...acts.map(headOf)],
    rows: rows.map((row) => ({
      id: row.id,
      cells: [
        ...facts.map((column) => column.cell(row, reference)),
        ...saidCells(said.get(row.id)),
        ...acts.map((column) => column.cell(row, reference)),
      ],
    })),
  }
}

const headOf = ({ name, label, align }: Column) => ({ name, label, align })

const saidCells = (said: Said | undefined): Cell[] => [
  said ? { text: `${said.day} ${said.subject}`, href: `/follow-ups/${said.id}` } : { text: '' },
  { text: said?.next_content ?? '' },
]
