import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { benchDatabase } from './database.ts'

/** A copy of the database with so many customers, for what would change it too much. */
export async function scratchDatabase(count: number): Promise<string> {
  const original = await benchDatabase(count)
  const file = join(dirname(original), 'scratch.db')
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true })
  copyFileSync(original, file)
  return file
}
