import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { readConfig } from '../../config.ts'
import { writePrivately } from '../private-files.ts'
import { migrateDatabase, rollbackDatabase } from './migrate.ts'

/** `npm run db:migrate` and `npm run db:rollback`, on the database that the environment names. */
writePrivately()
const { database } = readConfig(process.env)
if (database.client === 'better-sqlite3') mkdirSync(dirname(database.file), { recursive: true })
await (process.argv[2] === 'rollback' ? rollbackDatabase(database) : migrateDatabase(database))
