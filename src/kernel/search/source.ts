import type { Knex } from 'knex'
import type { Field } from '../web/fields.ts'
import type { List, Row } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'

/** What the box on top searches beside others: a list with a search, and what is said of a hit. */
export type SearchSource = {
  list: List
  /** The column that names a record; beside it the list has `<title>_pinyin`. */
  title: string
  href(row: Row): string
  /** The columns that stand beside the name of a hit, by their names. */
  beside: string[]
  /** The fields that may be why something was found. */
  fields: Field[]
  /** The columns of folded codes (db/keyed-texts.ts): what has exactly the code that was typed is gone to at once. */
  codes: string[]
  /** Why rows were found whose own fields do not say it, by their ids; `parts` are those of kernel/search/terms.ts. */
  reasons?(db: Knex, viewer: Viewer, unexplained: Unexplained[]): Promise<Map<number, string>>
}

export type Unexplained = { id: number; parts: string[] }
