import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { type StoredDepartment, saveDepartment } from '../departments/department.ts'
import { findUser, saveUser, type User } from '../users/user.ts'

const t = text.handovers

/** Who takes the place of one who leaves, above the subordinates and at the head of the departments. */
export type Successors = { superior: number | null; head: number | null }

type By = { actor: Actor; reference: Reference }

/** Gives subordinates and departments to others; answers in sentences what changed. */
export async function succeed(trx: Knex, giver: User, { superior, head }: Successors, by: By): Promise<string[]> {
  return [...(await giveSubordinates(trx, giver, superior, by)), ...(await giveDepartments(trx, giver, head, by))]
}

/** One of them who takes over the others stands where the leaving one stood. */
async function giveSubordinates(trx: Knex, giver: User, successor: number | null, by: By): Promise<string[]> {
  const ids: number[] = await trx('users')
    .where({ superior_id: giver.id })
    .whereNot('status', 'left')
    .orderBy('id')
    .pluck('id')
  const order = ids.sort((a, b) => Number(b === successor) - Number(a === successor))
  const said: string[] = []
  for (const id of order) {
    const superior_id = id === successor ? giver.superior_id : successor
    const person = await findUser(trx, id)
    try {
      await saveUser(trx, person, { version: person.version, values: { superior_id }, ...by })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new Refusal({ message: error.message, field: 'new_superior_id' })
    }
    said.push(t.superiorTo(person.name, nameOf(by.reference, superior_id)))
  }
  return said
}

async function giveDepartments(trx: Knex, giver: User, head_id: number | null, by: By): Promise<string[]> {
  const headed: StoredDepartment[] = await trx('departments').where({ head_id: giver.id }).orderBy('id')
  for (const department of headed)
    await saveDepartment(trx, department, { version: department.version, values: { head_id }, ...by })
  return headed.map(({ name }) => t.headTo(name, nameOf(by.reference, head_id)))
}

const nameOf = (reference: Reference, id: number | null) => reference.person(id)?.name ?? t.nobody
