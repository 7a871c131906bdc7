import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Who may write: `take` answers when it is one's turn, `leave` gives it on. */
export type Turn = { take(): Promise<void>; leave(): void }

/** A thread's place in the queue; `close` when the thread is gone, whatever it held. */
type Place = Turn & { close(): void }

export type TurnQueue = {
  place(): Place
  port(): MessagePort
  /** How many turns there were. */
  count(): number
}

/**
 * The queue of the threads that write to one file of SQLite, which takes one writer at a time: a connection that finds
 * another one writing would hold up its whole thread until that one is done. In the order in which they ask.
 */
export function turnQueue(): TurnQueue {
  const waiting: { place: Place; begin: () => void }[] = []
  let holder: Place | undefined
  let count = 0
  const next = () => {
    const first = waiting.shift()
    holder = first?.place
    if (!first) return
    count++
    first.begin()
  }
  const place = (): Place => {
    const self: Place = {
      take: () =>
        new Promise((begin) => {
          waiting.push({ place: self, begin })
          if (!holder) next()
        }),
      leave: () => {
        if (holder === self) next()
      },
      close: () => {
        for (let at = waiting.length - 1; at >= 0; at--) if (waiting[at]?.place === self) waiting.splice(at, 1)
        self.leave()
      },
    }
    return self
  }
  return { place, port: () => portOf(place()), count: () => count }
}

/** A place for another thread: the port goes there with `transferList` and is used there by `placeAt`. */
function portOf(place: Place): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (isTaking: boolean) => {
    if (isTaking) void place.take().then(() => port1.postMessage(null))
    else place.leave()
  })
  port1.on('close', place.close)
  port1.unref()
  return port2
}

/** The place that a port of `turnQueue` stands for. */
export function placeAt(port: MessagePort): Turn {
  let begin = () => {}
  port.on('message', () => begin())
  port.unref()
  return {
    take: () =>
      new Promise((resolve) => {
        begin = resolve
        port.postMessage(true)
      }),
    leave: () => port.postMessage(false),
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
