import type { Knex } from 'knex'

/**
 * What every page needs and seldom changes (dictionaries, names of users, rights, settings) is held in memory together
 * with the number it was read at; every change of it moves that number in its own transaction, so that several servers
 * on one database never show an old value.
 */
export async function bumpRevision(db: Knex) {
  await db('revisions').where({ name: 'reference' }).increment('number', 1)
}

/** The number, as a part of another query. */
export const revisionColumn = (db: Knex) => db('revisions').select('number').where({ name: 'reference' }).as('revision')

export async function currentRevision(db: Knex): Promise<number> {
  const row = await db('revisions').where({ name: 'reference' }).first('number')
  return row?.number ?? 0
}

/** Remembers what `load` answers for one database and one revision; a query of knex too, which runs anew each time it is awaited. */
export function cachedByRevision<T>(load: (db: Knex) => PromiseLike<T>) {
  const held = new WeakMap<object, { revision: number; value: Promise<T> }>()
  return (db: Knex, revision: number): Promise<T> => {
    const present = held.get(db.client)
    if (present?.revision === revision) return present.value
    const value = Promise.resolve(load(db))
    held.set(db.client, { revision, value })
    value.catch(() => held.delete(db.client))
    return value
  }
}
