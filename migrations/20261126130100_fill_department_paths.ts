import type { Knex } from 'knex'
import { insertAll } from '../src/kernel/db/dialect.ts'

type Node = { id: number; parent_id: number | null }

/** The departments and people there are: their order, and their ways. Nobody had a superior yet. */
export async function up(knex: Knex) {
  const departments: Node[] = await knex('departments').orderBy('id').select('id', 'parent_id')
  await knex('departments').update({ position: knex.ref('id') })
  await insertAll(knex, 'department_paths', departments.flatMap(waysTo(departments)))
  const people: number[] = await knex('users').pluck('id')
  await insertAll(
    knex,
    'superior_paths',
    people.map((id) => ({ superior_id: id, user_id: id, depth: 0 })),
  )
}

/** A department that stands below itself, which nothing kept from being, gets no way beyond its own. */
function waysTo(departments: Node[]) {
  const byId = new Map(departments.map((node) => [node.id, node]))
  return (node: Node) => {
    const above = new Set<Node>()
    for (let at: Node | undefined = node; at && !above.has(at); at = byId.get(at.parent_id as number)) above.add(at)
    return [...above].map(({ id }, depth) => ({ ancestor_id: id, descendant_id: node.id, depth }))
  }
}

export async function down(knex: Knex) {
  await knex('superior_paths').delete()
  await knex('department_paths').delete()
}
