import type { Knex } from 'knex'
import type { SearchIndex } from './search-tables.ts'

/**
 * The texts of an index on SQLite in which a character stands four times in a row: the index knows who has it three times,
 * and the columns `texts` decide. `key` is the column that says whose a text is in the index.
 */
export function repeating(
  db: Knex,
  { tokens, key, texts }: { tokens: SearchIndex; key: string; texts: readonly string[] },
  character: string,
): Knex.QueryBuilder {
  const held = db(tokens)
    .select('rowid')
    .whereRaw('?? match ?', [tokens, `"${character.repeat(3)}"`])
  return db(`${tokens}_texts`)
    .whereIn(key, held)
    .where((any) => {
      for (const text of texts) any.orWhereRaw('instr(??, ?) > 0', [text, character.repeat(4)])
    })
}
