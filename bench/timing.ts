import type { Answer, Send } from './client.ts'

/** Milliseconds, sorted. */
export type Times = number[]

export type Effort = { warmUp?: number; atMost?: number; seconds: number }

/** Does something again and again, one after the other, until it was done `atMost` times or the seconds are over. */
export async function timed(
  work: () => Promise<void>,
  { warmUp = 3, atMost = 100_000, seconds }: Effort,
): Promise<Times> {
  for (let done = 0; done < warmUp; done++) await work()
  const times: Times = []
  const end = performance.now() + seconds * 1000
  while (times.length < atMost && performance.now() < end) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)
}

/** Requests one address again and again; anything but the expected status is an error. */
export const requested = (send: Send, path: string, effort: Effort, headers: Record<string, string> = {}) =>
  timed(async () => void expect(await send(path, { headers }), 200, path), effort)

export function expect(answer: Answer, status: number, path: string): Answer {
  if (answer.status !== status) throw new Error(`${path} answered ${answer.status}, not ${status}`)
  return answer
}

/** The nearest rank of sorted times: `at(times, 0.99)` is the p99. */
export const at = (times: Times, part: number): number =>
  times[Math.min(times.length - 1, Math.ceil(part * times.length) - 1)] ?? Number.NaN

export const median = (numbers: number[]) =>
  at(
    [...numbers].sort((a, b) => a - b),
    0.5,
  )

export const perSecond = (times: Times) => (1000 * times.length) / times.reduce((sum, time) => sum + time, 0)
