import type { Database as Sqlite } from 'better-sqlite3'
import type { Knex } from 'knex'
import Client from 'knex/lib/dialects/better-sqlite3/index.js'
import Transaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js'
import type { Writing } from './write-queue.ts'

/** The settings of a file; `writing` where other threads of the program write to it too. */
export type SqliteConfig = Knex.Config & { writing?: Writing }

/**
 * SQLite for several writers. A transaction that may write says so when it begins: one that had read first would fail
 * at once (SQLITE_BUSY_SNAPSHOT) when another connection wrote since. And it waits for its turn before it takes the
 * connection, so that others of its thread can read meanwhile.
 */
export class SqliteClient extends Client {
  transaction(container: unknown, config: unknown, outer: unknown) {
    return new WriteTransaction(this, container, config, outer)
  }

  /** A single statement that writes waits too, unless it is part of a transaction. */
  async _query(connection: Sqlite, query: { sql: string }) {
    const { writing } = this.config as SqliteConfig
    if (!writing || connection.inTransaction || connection.prepare(query.sql).readonly)
      return super._query(connection, query)
    await writing.join()
    try {
      return await super._query(connection, query)
    } finally {
      writing.leave()
    }
  }
}

class WriteTransaction extends Transaction {
  begin(connection: unknown) {
    return this.query(connection, this.readOnly ? 'BEGIN;' : 'BEGIN IMMEDIATE;')
  }

  async acquireConnection(config: unknown, work: (connection: unknown) => Promise<unknown>) {
    const { writing } = this.client.config as SqliteConfig
    if (!writing || this.readOnly || this.client.transacting) return super.acquireConnection(config, work)
    await writing.take()
    try {
      return await super.acquireConnection(config, work)
    } finally {
      writing.leave()
    }
  }
}
