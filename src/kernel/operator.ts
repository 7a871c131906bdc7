import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from '../texts/index.ts'
import { writePrivately } from './private-files.ts'
import { SecretKeyError } from './secrets.ts'
import { Refusal } from './web/refusal.ts'

/** What the program does by itself. */
export const program = { id: null, name: text.restore.program, address: null }

/** Who works at the machine itself, at its command line. */
export const operator = { id: null, name: text.restore.operator, address: null }

export const say = (line: string) => process.stdout.write(`${line}\n`)

/** Asks for a word at the terminal without showing it; reads it as a line where there is none. */
export async function askSecretly(question: string): Promise<string> {
  const { isTTY } = process.stdin
  if (isTTY) process.stdout.write(question)
  const mute = new Writable({ write: (_part, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: mute, terminal: isTTY })
  const [line] = (await once(lines, 'line')) as [string]
  lines.close()
  if (isTTY) process.stdout.write('\n')
  return line
}

/** Runs a command; what it refuses is said, and the command fails. */
export async function runCommand(work: () => Promise<void>) {
  writePrivately()
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SecretKeyError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
