import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { addRecord } from '../../kernel/modules/records.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { tags } from './tags.ts'

/** The ids of tags by their names; those that are missing are made. */
export async function tagsNamed(trx: Knex, names: string[], actor: Actor): Promise<number[]> {
  await bumpRevision(trx)
  const present = await trx('tags').whereIn('name_key', names.map(foldKey)).select('id', 'name_key')
  const idByKey = new Map<string, number>(present.map(({ id, name_key }) => [name_key, id]))
  for (const name of names)
    if (!idByKey.has(foldKey(name))) idByKey.set(foldKey(name), (await addRecord(trx, tags, { name }, actor)).id)
  return [...new Set(names.map((name) => idByKey.get(foldKey(name)) as number))]
}
