import type { Knex } from 'knex'
import type { Department, Reference } from '../../kernel/reference.ts'

type Member = { id: number; name: string; position: string | null; extension: string | null }

/** A department of the chart, with its people, the head first, and what is below it. */
export type Box = { name: string; members: (Member & { isHead: boolean })[]; below: Box[] }

/** The whole company as it stands, of those who have not left; the last box holds who is in no department. */
export async function chartOf(
  db: Knex,
  { departments, person }: Reference,
): Promise<{ boxes: Box[]; others: Member[] }> {
  const people: (Member & { department_id: number | null })[] = await db('users')
    .whereNot('status', 'left')
    .orderBy(['name_pinyin', 'id'])
    .select('id', 'name', 'position', 'extension', 'department_id')
  const byDepartment = Map.groupBy(people, ({ department_id }) => department_id)
  const byParent = Map.groupBy(departments, ({ parent_id }) => parent_id)
  const box = ({ id, name, head_id }: Department): Box => {
    const own = (byDepartment.get(id) ?? []).map((member) => ({ ...member, isHead: member.id === head_id }))
    const head = person(head_id)
    const outside = { id: head_id as number, name: head?.name ?? '', position: null, extension: null, isHead: true }
    const hasOutsideHead = head && head.status !== 'left' && !own.some(({ isHead }) => isHead)
    return {
      name,
      members: [...(hasOutsideHead ? [outside] : []), ...own.sort((a, b) => Number(b.isHead) - Number(a.isHead))],
      below: (byParent.get(id) ?? []).map(box),
    }
  }
  return { boxes: (byParent.get(null) ?? []).map(box), others: byDepartment.get(null) ?? [] }
}
