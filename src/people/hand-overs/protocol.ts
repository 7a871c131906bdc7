import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import type { Content } from '../../kernel/report/send.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { labelOf, unitOf } from './handed.ts'
import type { Handover } from './handover.ts'
import type { Found } from './view.ts'

const t = text.handovers

type Moved = { id: number; receiver_id: number; module: string; code: string; name: string; is_binned: boolean }

/** A protocol of more is not read on paper, the xlsx has them all. */
const mostOnPaper = 500
const atOnce = 1_000

/** The protocol for all of them to sign: who handed what to whom, why, and every customer by name. */
export async function protocolReport(db: Knex, { giver, handover, received, reference }: Found): Promise<Content> {
  const rows: unknown[][] = []
  for await (const row of listRows(db, handover, reference, mostOnPaper)) rows.push(row)
  return {
    title: `${t.protocol} ${giver.name}`,
    conditions: conditionsOf({ giver, handover, received, reference }),
    table: {
      columns: columnsFor(handover),
      rows,
      total: totalRow(handover),
    },
    signatures: { sentence: t.signatures, people: signers({ giver, handover, received, reference }) },
  }
}

function conditionsOf({ giver, handover, received, reference }: Found) {
  const person = (id: number) => reference.person(id)?.name ?? ''
  const list = text.common.listed
  const shares = received.map(({ receiver_id, module, row_count }) =>
    t.received(
      person(receiver_id),
      isMixed(handover) ? `${labelOf(module)} ${showCount(row_count)}` : showCount(row_count),
    ),
  )
  const department = reference.department(giver.department_id as number | null)?.name
  return [
    { label: t.giver, value: t.person(giver.name, giver.number as string | null) },
    ...(department ? [{ label: text.users.department, value: department }] : []),
    { label: t.receiver, value: list(shares) || t.nobody },
    { label: t.madeAt, value: showInstant(handover.created_at) },
    { label: t.reason, value: handover.reason },
    ...(handover.is_leaving ? [{ label: t.accountClosed, value: t.closed }] : []),
    ...(handover.others.length > 0 ? [{ label: t.others, value: list(handover.others) }] : []),
    ...(handover.moved_count > mostOnPaper
      ? [
          {
            label: t.note,
            value: t.firstOnly(
              showCount(mostOnPaper),
              showCount(handover.moved_count),
              unitOf(handover.shares.modules),
            ),
          },
        ]
      : []),
  ]
}

function signers({ giver, handover, received, reference }: Found): string[] {
  const person = (id: number | null) => reference.person(id)?.name ?? ''
  return [
    t.sign(`${t.giver} ${giver.name} `),
    ...[...new Set(received.map(({ receiver_id }) => receiver_id))].map((receiver_id) =>
      t.sign(`${t.receiver} ${person(receiver_id)} `),
    ),
    t.sign(`${t.superior} ${person(handover.superior_id)} `),
  ]
}

const isMixed = ({ shares }: Handover) => unitOf(shares.modules) !== t.customerUnit

/** The columns of what moved; where that is not customers alone, each row says what it is. */
export const columnsFor = (handover: Handover) =>
  [t.receiver, ...(isMixed(handover) ? [t.kind, t.code, t.recordName] : [t.code, t.name])].map((label) => ({
    label,
    kind: 'text' as const,
  }))

const totalRow = (handover: Handover) => [
  t.total,
  ...columnsFor(handover)
    .slice(2)
    .map(() => ''),
  t.received('', showCount(handover.moved_count)).trim(),
]

/** Every record that moved, as it was called then, by receiver. */
export async function* listRows(db: Knex, handover: Handover, reference: Reference, most = Number.POSITIVE_INFINITY) {
  let [receiver, last, count] = [0, 0, 0]
  while (count < most) {
    const rows: Moved[] = await db('handover_rows')
      .where('handover_id', handover.id)
      .where((behind) =>
        behind
          .where('receiver_id', '>', receiver)
          .orWhere((same) => same.where('receiver_id', receiver).where('id', '>', last)),
      )
      .orderBy(['receiver_id', 'id'])
      .limit(Math.min(atOnce, most - count))
      .select('id', 'receiver_id', 'module', 'code', 'name', 'is_binned')
    for (const { receiver_id, module, code, name, is_binned } of rows) {
      const kind = isMixed(handover) ? [labelOf(module)] : []
      yield [reference.person(receiver_id)?.name ?? '', ...kind, code, is_binned ? t.inBin(name) : name]
    }
    count += rows.length
    const end = rows.at(-1)
    if (rows.length < atOnce || !end) return
    ;[receiver, last] = [end.receiver_id, end.id]
  }
}
