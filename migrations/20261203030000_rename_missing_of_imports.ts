import type { Knex } from 'knex'

/** What the columns and findings of imports called by what hangs on customers. */
type Names = { columns: [string, string]; evidence: [string, string] }
const names: Names = { columns: ['makesCustomers', 'makesMissing'], evidence: ['customers', 'missing'] }

export const up = (knex: Knex) => rename(knex, (pair) => pair)

export const down = (knex: Knex) => rename(knex, ([before, after]) => [after, before])

const atOnce = 500

async function rename(knex: Knex, turned: (pair: [string, string]) => [string, string]) {
  for (let last = 0; ; ) {
    const rows = await knex('imports').where('id', '>', last).orderBy('id').limit(atOnce)
    if (rows.at(-1)?.id === undefined) return
    for (const { id, columns, evidence } of rows) {
      const renamed = {
        columns: named(columns, turned(names.columns)),
        evidence: named(evidence, turned(names.evidence)),
      }
      if (renamed.columns !== columns || renamed.evidence !== evidence)
        await knex('imports').where({ id }).update(renamed)
    }
    if (rows.length < atOnce) return
    last = rows.at(-1).id
  }
}

/** A text of JSON with a key called otherwise. */
function named(text: string, [from, to]: [string, string]): string {
  if (!text.includes(`"${from}"`)) return text
  const { [from]: value, ...rest } = JSON.parse(text)
  if (value === undefined) return text
  return JSON.stringify({ ...rest, [to]: value })
}
