import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Who may write: `take` answers when it is one's turn, `leave` gives it on. */
export type Turn = { take(): Promise<void>; leave(): void }

/** A thread's place in the queue; `close` when the thread is gone, whatever it held. */
type Place = Turn & { close(): void }

/** A place for another thread, given to it with its `port` transferred; `placeAt` makes it a turn there. */
export type Seat = { port: MessagePort; number: number; shared: Int32Array }

export type TurnQueue = {
  place(): Place
  seat(): Seat
  /** How many turns there were. */
  count(): number
}

/** What all threads see: who writes, and how many turns there were. */
const [holding, turns] = [0, 1]
const nobody = 0

/** Twice the number of the place that writes, and one more when others wait for it: then it has to say that it leaves. */
const held = (number: number, isWaitedFor: boolean) => number * 2 + Number(isWaitedFor)

function takeFree(shared: Int32Array, number: number): boolean {
  if (Atomics.compareExchange(shared, holding, nobody, held(number, false)) !== nobody) return false
  Atomics.add(shared, turns, 1)
  return true
}

const leaveFree = (shared: Int32Array, number: number) =>
  Atomics.compareExchange(shared, holding, held(number, false), nobody) === held(number, false)

/**
 * The queue of the threads that write to one file of SQLite, which takes one writer at a time: a connection that finds
 * another one writing would hold up its whole thread until that one is done. In the order in which they ask; who finds
 * nobody writing asks nobody, for an answer takes as long as the page that the thread of the queue is just making.
 */
export function turnQueue(): TurnQueue {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const waiting: { number: number; begin: () => void }[] = []
  let places = 0
  const next = () => {
    const first = waiting.shift()
    if (!first) return void Atomics.store(shared, holding, nobody)
    Atomics.store(shared, holding, held(first.number, waiting.length > 0))
    Atomics.add(shared, turns, 1)
    first.begin()
  }
  /** Notes that the one who writes is waited for; false when it has just left. */
  const isAwaited = () => {
    const now = Atomics.load(shared, holding)
    return now !== nobody && Atomics.compareExchange(shared, holding, now, now | 1) === now
  }
  const enter = (number: number) => {
    while (!isAwaited()) if (takeFree(shared, number)) return Promise.resolve()
    return new Promise<void>((begin) => waiting.push({ number, begin }))
  }
  const placeNumbered = (number: number): Place => {
    const leave = () => {
      if (Atomics.load(shared, holding) >> 1 === number && !leaveFree(shared, number)) next()
    }
    const close = () => {
      for (let at = waiting.length - 1; at >= 0; at--) if (waiting[at]?.number === number) waiting.splice(at, 1)
      leave()
    }
    return { take: () => enter(number), leave, close }
  }
  const place = () => placeNumbered(++places)
  const seat = (): Seat => {
    const number = ++places
    const { take, leave, close } = placeNumbered(number)
    const { port1, port2 } = new MessageChannel()
    port1.on('message', (isTaking: boolean) => {
      if (isTaking) void take().then(() => port1.postMessage(null))
      else leave()
    })
    port1.on('close', close)
    port1.unref()
    return { port: port2, number, shared }
  }
  return { place, seat, count: () => Atomics.load(shared, turns) }
}

/** The place that a seat of `turnQueue` stands for. */
export function placeAt({ port, number, shared }: Seat): Turn {
  let begin = () => {}
  port.on('message', () => begin())
  port.unref()
  return {
    take: () => {
      if (takeFree(shared, number)) return Promise.resolve()
      return new Promise((resolve) => {
        begin = resolve
        port.postMessage(true)
      })
    },
    leave: () => {
      if (!leaveFree(shared, number)) port.postMessage(false)
    },
  }
}

/** What the writers of one thread take: `join` is for a single statement, which already holds the connection. */
export type Writing = { take(): Promise<void>; join(): Promise<void>; leave(): void }

const sharedForMs = 20

/**
 * One place in the queue for all the writers of a thread, who have one connection and come one after the other on it.
 * Who comes late waits for the next turn, so that the other threads have theirs. A single statement never does: it holds
 * the connection that the others of its thread wait for.
 */
export function sharedTurn(place: Turn): Writing {
  let holders = 0
  let since = 0
  let begun = Promise.resolve()
  let later: (() => void)[] = []
  const join = () => {
    if (holders++ > 0) return begun
    since = Number.POSITIVE_INFINITY
    begun = place.take().then(() => {
      since = performance.now()
    })
    return begun
  }
  return {
    join,
    take: () => {
      if (holders === 0 || performance.now() - since < sharedForMs) return join()
      return new Promise<void>((resolve) => later.push(resolve)).then(join)
    },
    leave: () => {
      if (--holders > 0) return
      place.leave()
      const others = later
      later = []
      for (const begin of others) begin()
    },
  }
}
