import { existsSync } from 'node:fs'
import type { Knex } from 'knex'
import { readConfig } from '../../config.ts'
import { migrateDatabase } from '../../kernel/db/migrate.ts'
import { openDatabase } from '../../kernel/db/open.ts'
import { runCommand, say } from '../../kernel/operator.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { beginNewKey, restoreAccess } from './restore.ts'

/** `npm run access:restore -- user name [--new-password]`, or `-- --new-key`, at the machine the program runs on. */
const given = process.argv.slice(2)
const username = given.find((word) => !word.startsWith('--'))
const { database } = readConfig(process.env)

async function restore(db: Knex) {
  if (given.includes('--new-key')) {
    await beginNewKey(db)
    say(text.restore.newKey)
  } else if (username) {
    const password = await restoreAccess(db, username, given.includes('--new-password'))
    say(password ? text.restore.doneWithPassword(username, password) : text.restore.done(username))
  } else throw new Refusal({ message: text.restore.usage })
}

await runCommand(async () => {
  // A wrong DATA_DIR would otherwise get a database of its own.
  if (database.client === 'better-sqlite3' && !existsSync(database.file))
    throw new Refusal({ message: text.restore.noDatabase(database.file) })
  await migrateDatabase(database)
  const db = openDatabase(database)
  await restore(db).finally(() => db.destroy())
})
