import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { fields } from './fields.ts'
import { superiorPaths } from './superior-paths.ts'
import type { User } from './user.ts'

const mostShown = 50

export type Standing = Awaited<ReturnType<typeof standingOf>>

/** Where a person stands: the chain of superiors from the top, the people directly below, the departments headed. */
export async function standingOf(db: Knex, user: User, reference: Reference) {
  const { table } = superiorPaths
  const chain: number[] = await db(table).where({ user_id: user.id }).orderBy('depth', 'desc').pluck('superior_id')
  const below = () =>
    db('users')
      .join(table, `${table}.user_id`, 'users.id')
      .where(`${table}.superior_id`, user.id)
      .whereNot('users.status', 'left')
  const direct = await below()
    .where('depth', 1)
    .orderBy(['users.name_pinyin', 'users.id'])
    .limit(mostShown)
    .select('users.id', 'users.name', 'users.department_id', 'users.position', 'users.status')
  const counts: { depth: number; person_count: number }[] = await below()
    .where('depth', '>', 0)
    .groupBy('depth')
    .select('depth')
    .count({ person_count: '*' })
  const count = (rows: typeof counts) => showCount(rows.reduce((sum, row) => sum + row.person_count, 0))
  const headed = reference.departments.filter(({ head_id }) => head_id === user.id)
  return {
    chain: chain.map((id) => ({
      name: reference.person(id)?.name ?? '',
      href: `/users/${id}`,
      isCurrent: id === user.id,
    })),
    subordinates: direct.map((person) => ({
      name: person.name,
      href: `/users/${person.id}`,
      department: reference.department(person.department_id)?.name ?? '',
      position: person.position,
      status: fields.status.kind.show(person.status, fields.status, reference),
    })),
    countText: text.users.subordinatesOf(count(counts.filter(({ depth }) => depth === 1)), count(counts)),
    allHref: counts.length > 0 ? `/users?superior_id=${user.id}` : null,
    headOf: text.common.listed(headed.map(({ name }) => name)),
  }
}
