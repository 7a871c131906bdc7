import { appendFileSync, mkdirSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { today } from '../../kernel/china/clock.ts'
import { text } from '../../texts/index.ts'

/** One line of the log: when, how serious (pino's numbers), what, and the number a person was told. */
export type LogLine = {
  time: number
  level: number
  msg: string
  number?: string
  err?: { message?: string; stack?: string }
}

export const logFolder = (dataDir: string) => join(dataDir, 'logs')
const pattern = /^kehu-\d{4}-\d{2}-\d{2}\.log$/
const daysKept = 30
const readBytes = 512 * 1024

/**
 * Where the log goes: to the console as ever, and into a file a day, since nobody in an office sees the console. A disk
 * that is full must not stop the program.
 */
export function logStream(dataDir: string) {
  const folder = logFolder(dataDir)
  return {
    write(line: string) {
      process.stdout.write(line)
      try {
        mkdirSync(folder, { recursive: true })
        appendFileSync(join(folder, `kehu-${today()}.log`), line)
      } catch {
        // The console has it.
      }
    },
  }
}

const logFiles = async (dataDir: string) =>
  (await readdir(logFolder(dataDir)).catch(() => [])).filter((name) => pattern.test(name)).sort()

/** Removes the logs of more than a month ago. */
export async function removeOldLogs(dataDir: string) {
  for (const name of (await logFiles(dataDir)).slice(0, -daysKept)) await rm(join(logFolder(dataDir), name))
}

type Wanted = { level: number; words: string }

/** What a line says: in our words first, those of the system or a server behind. */
export function eventText({ msg, err }: LogLine): string {
  const said = text.system.events[msg as keyof typeof text.system.events]
  const words = said ? [said] : [text.system.otherEvent(msg)]
  if (err?.message && err.message !== msg) words.push(err.message)
  return words.reduce(text.common.pair)
}

/** The newest lines at least as serious as `level` in which the words stand, newest first. */
export async function readLog(dataDir: string, { level, words }: Wanted, most = 100): Promise<LogLine[]> {
  const found: LogLine[] = []
  for (const name of (await logFiles(dataDir)).reverse()) {
    const lines = (await tailOf(join(logFolder(dataDir), name))).filter((line) => !words || line.includes(words))
    for (const line of lines.reverse()) {
      const entry = parsed(line)
      if (entry && entry.level >= level) found.push(entry)
      if (found.length === most) return found
    }
  }
  return found
}

/** The last lines of a file, whole ones only. */
async function tailOf(path: string): Promise<string[]> {
  const { size } = await stat(path)
  const start = Math.max(0, size - readBytes)
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    return start > 0 ? lines.slice(1) : lines
  } finally {
    await handle.close()
  }
}

function parsed(line: string): LogLine | undefined {
  try {
    const entry = JSON.parse(line)
    return typeof entry?.level === 'number' ? entry : undefined
  } catch {
    return undefined
  }
}
