import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './client.ts'

export type Server = { origin: string; startMs: number; residentMb(): number; stop(): Promise<void> }

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
  const child = spawn(process.execPath, [new URL(`../${script}`, import.meta.url).pathname], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const origin = `http://127.0.0.1:${port}`
  await answered(connect(origin), firstPath, () => child.exitCode !== null)
  return {
    origin,
    startMs: performance.now() - start,
    residentMb: () => residentMb(child.pid as number),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
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

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
