import type { Reference } from '../../kernel/reference.ts'

/** The ids of a department and of all below it. */
export function departmentsBelow({ departments }: Reference, id: number): Set<number> {
  const at = departments.findIndex((department) => department.id === id)
  if (at < 0) return new Set()
  const { depth } = departments[at] as { depth: number }
  const end = departments.findIndex((other, index) => index > at && other.depth <= depth)
  return new Set(departments.slice(at, end < 0 ? undefined : end).map((department) => department.id))
}

/** The ids of the people of a department and of all below it, of those who left too. */
export function peopleBelow(reference: Reference, id: number): Set<number> {
  const departments = departmentsBelow(reference, id)
  return new Set(reference.people.filter((one) => departments.has(one.department_id as number)).map((one) => one.id))
}
