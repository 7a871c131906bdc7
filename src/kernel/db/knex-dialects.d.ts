declare module 'knex/lib/dialects/better-sqlite3/index.js'
declare module 'knex/lib/dialects/mssql/index.js'
declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  import type { Knex } from 'knex'
  export default class Transaction {
    constructor(client: unknown, container: unknown, config: unknown, outer: unknown)
    readonly client: Knex.Client & { transacting?: boolean }
    readonly readOnly?: boolean
    query(connection: unknown, sql: string): Promise<unknown>
    acquireConnection(config: unknown, work: (connection: unknown) => Promise<unknown>): Promise<unknown>
  }
}
