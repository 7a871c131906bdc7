/** The table that FTS5 keeps of an index on SQLite: it ends in `_search`. Beside it stands `<name>_texts`. */
export type SearchIndex = `${string}_search`

/** An index of its own for a table of very many records, with the values of what is chosen of them. */
export type FacetedIndex = {
  /** The table of the records; it has `deleted_at`. */
  table: string
  tokens: SearchIndex
  /** The column of the texts that says whose they are. */
  key: string
  owner: string
  /** The column of the full pinyin, which has an index. */
  pinyin: string
  /** Of what a record may have several: the table that says which, its column of the record and that of the value. */
  many: Record<string, { table: string; record: string; value: string }>
}

export const textsOf = ({ tokens }: FacetedIndex) => `${tokens}_texts`

/** Of the tables of SQLite those that are not of the search, which is made anew from what they say. */
export const outsideSearch = "name not glob '*_search' and name not glob '*_search_*'"

/** Of the tables of SQLite those that FTS5 does not keep by itself. */
export const outsideTokens = "name not glob '*_search' and name not glob '*_search_[cdi]*'"

/** Which indexes there are, asked of SQLite. */
export const searchIndexes = "select name from sqlite_master where type = 'table' and name glob '*_search'"
