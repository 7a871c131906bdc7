import { SecretKeyError } from './secrets.ts'
import { text } from './texts/index.ts'
import { Refusal } from './web/refusal.ts'

/** What the program does by itself. */
export const program = { id: null, name: text.restore.program, address: null }

/** Who works at the machine itself, at its command line. */
export const operator = { id: null, name: text.restore.operator, address: null }

export const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs a command; what it refuses is said, and the command fails. */
export async function runCommand(work: () => Promise<void>) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SecretKeyError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
