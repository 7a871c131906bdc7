import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { showCount } from '../../kernel/web/formatting.ts'

/** The people of each department who have not left, without those below it. */
export async function peopleByDepartment(db: Knex): Promise<Map<number, number>> {
  const rows: { department_id: number; person_count: number }[] = await db('users')
    .whereNot('status', 'left')
    .groupBy('department_id')
    .select('department_id')
    .count({ person_count: '*' })
  return new Map(rows.map(({ department_id, person_count }) => [department_id, person_count]))
}

/** Every department in the order of the tree, with its people and those of all below it. */
export async function departmentRows(db: Knex, { departments, person }: Reference) {
  const own = await peopleByDepartment(db)
  const siblings = Map.groupBy(departments, ({ parent_id }) => parent_id)
  return departments.map((department, at) => {
    const { id, name, parent_id, head_id, branch_code, depth } = department
    const end = departments.findIndex((other, index) => index > at && other.depth <= depth)
    const withBelow = departments.slice(at, end < 0 ? undefined : end)
    const beside = siblings.get(parent_id) ?? []
    return {
      id,
      name,
      depth,
      branch_code,
      head: person(head_id) ?? null,
      own: showCount(own.get(id) ?? 0),
      all: showCount(withBelow.reduce((sum, { id }) => sum + (own.get(id) ?? 0), 0)),
      peopleHref: `/users?department_id=${id}`,
      path: `/departments/${id}`,
      isFirst: beside[0] === department,
      isLast: beside.at(-1) === department,
    }
  })
}
