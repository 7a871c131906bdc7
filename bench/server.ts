import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './client.ts'

export type Server = {
  origin: string
  startMs: number
  residentMb(): number
  /** What it holds by itself, without the pages of files that it reads through memory. */
  ownMb(): number
  /** The processor time it has used, in seconds. */
  processorSeconds(): number
  stop(): Promise<void>
}

/** Starts a script as a server on a database, in a process of its own, and waits for the first 200 of `firstPath`. */
export async function startServer(script: string, database: string, firstPath: string): Promise<Server> {
  const port = await freePort()
  const environment = {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: `sqlite:${database}`,
    DATA_DIR: join(tmpdir(), 'kehu-bench'),
    LOG_LEVEL: 'silent',
  }
  const start = performance.now()
  const child = spawn(process.execPath, [...flagsOf(script), new URL(`../${script}`, import.meta.url).pathname], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const origin = `http://127.0.0.1:${port}`
  await answered(connect(origin), firstPath, () => child.exitCode !== null)
  return {
    origin,
    startMs: performance.now() - start,
    residentMb: () => statusMb(child.pid as number, 'VmRSS'),
    ownMb: () => statusMb(child.pid as number, 'RssAnon'),
    processorSeconds: () => processorSeconds(child.pid as number),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** What `npm start` gives the program. */
function flagsOf(script: string): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const words: string[] = scripts.start.split(' ')
  return words.at(-1) === script ? words.slice(1, -1) : []
}

async function answered(send: ReturnType<typeof connect>, path: string, isOver: () => boolean) {
  while (!isOver()) {
    const answer = await send(path).catch(() => undefined)
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('the server stopped before it answered')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

function statusMb(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
}

/** User and system time stand behind the name of the program, which may hold blanks; 100 ticks a second. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
