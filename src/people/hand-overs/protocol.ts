import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import type { Content } from '../../kernel/report/send.ts'
import { text } from '../../kernel/texts/index.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import type { Handover } from './handover.ts'
import type { Found } from './view.ts'

const t = text.handovers

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
      columns: [
        { label: t.receiver, kind: 'text' },
        { label: t.code, kind: 'text' },
        { label: t.name, kind: 'text' },
      ],
      rows,
      total: [t.total, '', t.received('', showCount(handover.moved_count)).trim()],
    },
    signatures: { sentence: t.signatures, people: signers({ giver, handover, received, reference }) },
  }
}

function conditionsOf({ giver, handover, received, reference }: Found) {
  const person = (id: number) => reference.person(id)?.name ?? ''
  const list = text.common.listed
  const shares = received.map(({ receiver_id, customer_count }) =>
    t.received(person(receiver_id), showCount(customer_count)),
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
      ? [{ label: t.note, value: t.firstOnly(showCount(mostOnPaper), showCount(handover.moved_count)) }]
      : []),
  ]
}

function signers({ giver, handover, received, reference }: Found): string[] {
  const person = (id: number | null) => reference.person(id)?.name ?? ''
  return [
    t.sign(`${t.giver} ${giver.name} `),
    ...received.map(({ receiver_id }) => t.sign(`${t.receiver} ${person(receiver_id)} `)),
    t.sign(`${t.superior} ${person(handover.superior_id)} `),
  ]
}

export const listColumns = [t.receiver, t.code, t.name].map((label) => ({ label, kind: 'text' as const }))

/** Every customer that moved, as it was called then, by receiver. */
export async function* listRows(db: Knex, handover: Handover, reference: Reference, most = Number.POSITIVE_INFINITY) {
  let [receiver, last, count] = [0, 0, 0]
  while (count < most) {
    const rows: { id: number; receiver_id: number; code: string; name: string; is_binned: boolean }[] = await db(
      'handover_rows',
    )
      .where('handover_id', handover.id)
      .where((behind) =>
        behind
          .where('receiver_id', '>', receiver)
          .orWhere((same) => same.where('receiver_id', receiver).where('id', '>', last)),
      )
      .orderBy(['receiver_id', 'id'])
      .limit(Math.min(atOnce, most - count))
      .select('id', 'receiver_id', 'code', 'name', 'is_binned')
    for (const { receiver_id, code, name, is_binned } of rows)
      yield [reference.person(receiver_id)?.name ?? '', code, is_binned ? t.inBin(name) : name]
    count += rows.length
    const end = rows.at(-1)
    if (rows.length < atOnce || !end) return
    ;[receiver, last] = [end.receiver_id, end.id]
  }
}
