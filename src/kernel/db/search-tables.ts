/** The indexes of the search: of each the table that FTS5 keeps on SQLite, and beside it `<name>_texts`. */
export const searchIndexes = ['customer_search', 'module_search'] as const
export type SearchIndex = (typeof searchIndexes)[number]

/** Of the tables of SQLite those that are not of the search, which is made anew from what they say. */
export const outsideSearch = searchIndexes.map((name) => `name not glob '${name}*'`).join(' and ')

/** Of the tables of SQLite those that FTS5 does not keep by itself. */
export const outsideTokens = searchIndexes
  .map((name) => `name not glob '${name}' and name not glob '${name}_[cdi]*'`)
  .join(' and ')
