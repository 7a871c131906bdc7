import type { Case } from './cases.ts'
import { connect, type Send } from './client.ts'
import type { Figure } from './report.ts'
import type { Server } from './server.ts'
import { at, median, perSecond, requested, type Times } from './timing.ts'

const rounds = 5
const effort = { seconds: 1.5, warmUp: 50 }

/** The list against the bare page on the same database, in turn, so that what else the machine does meets both. */
export async function listFigures(send: Send, bare: Server, suffix: string): Promise<Figure[]> {
  const plain = connect(bare.origin)
  const bareRounds: Times[] = []
  const listRounds: Times[] = []
  for (let round = 0; round < rounds; round++) {
    bareRounds.push(await requested(plain, '/', effort))
    listRounds.push(await requested(send, '/customers', effort))
  }
  const rates = listRounds.map((times, round) => perSecond(times) / perSecond(bareRounds[round] as Times))
  return [
    { name: `list, of the bare page's requests/s${suffix}`, value: 100 * median(rates), unit: '%', least: 50 },
    { name: `list, p99${suffix}`, value: median(listRounds.map((times) => at(times, 0.99))), unit: 'ms', most: 10 },
    { name: `list, p50${suffix}`, value: median(listRounds.map((times) => at(times, 0.5))), unit: 'ms' },
    { name: `list, requests/s${suffix}`, value: median(listRounds.map(perSecond)), unit: '/s' },
    { name: `bare page, requests/s${suffix}`, value: median(bareRounds.map(perSecond)), unit: '/s' },
    { name: `bare page, p99${suffix}`, value: median(bareRounds.map((times) => at(times, 0.99))), unit: 'ms' },
  ]
}

export type Measured = { label: string; p50: number; p99: number; times: number }

/** Each case by itself, one after the other. */
export async function measureCases(send: Send, cases: Case[]): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const { label, path } of cases) {
    const times = await requested(send, path, { seconds: 0.5, atMost: 100, warmUp: 3 })
    measured.push({ label, p50: at(times, 0.5), p99: at(times, 0.99), times: times.length })
  }
  return measured
}

/** The slowest case decides. */
export function worst(name: string, measured: Measured[], most?: number): Figure {
  const slowest = measured.reduce((slow, one) => (one.p99 > slow.p99 ? one : slow))
  const above = most === undefined ? 0 : measured.filter(({ p99 }) => p99 > most).length
  const note = `${slowest.label}; p50 of all ${median(measured.map(({ p50 }) => p50)).toFixed(1)}, ${above} of ${measured.length} above`
  return { name, value: slowest.p99, unit: 'ms', most, note }
}
