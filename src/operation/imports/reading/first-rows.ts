/** In which row a text came first, and a number that whoever asked noted beside it. */
type First = { row: number; mark: number }

/** A sum of 64 bits in two halves, the row and the mark. */
const width = 4
const fullest = 0.75

/** Two sums of 32 bits by multiplication and shift (cyrb53): two of a million texts are alike once in ten million files. */
function sumsOf(text: string): [number, number] {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x9e3779b1)
    low = Math.imul(low ^ unit, 0x5f356495)
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
  return [high >>> 0, low >>> 0]
}

/**
 * Remembers of many texts in which row each came first. It keeps sums of them in 16 bytes each, outside of the heap: a
 * million codes in a map fill that of a thread, and a map that grows at its end takes the whole program with it.
 */
export function firstRows() {
  let places = 1024
  let slots = new Uint32Array(places * width)
  let count = 0

  /** Where a sum stands, or may. Row 0 is none. */
  function placeOf(high: number, low: number): number {
    for (let place = low % places; ; place = (place + 1) % places) {
      const at = place * width
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at
    }
  }

  function grow() {
    const before = slots
    places *= 2
    slots = new Uint32Array(places * width)
    for (let at = 0; at < before.length; at += width)
      if (before[at + 2] !== 0)
        slots.set(before.subarray(at, at + width), placeOf(before[at] as number, before[at + 1] as number))
  }

  /** The first row with this text; undefined when it is this one, which is noted with its mark. */
  return (text: string, row: number, mark = 0): First | undefined => {
    const [high, low] = sumsOf(text)
    const at = placeOf(high, low)
    if (slots[at + 2] !== 0) return { row: slots[at + 2] as number, mark: slots[at + 3] as number }
    slots[at] = high
    slots[at + 1] = low
    slots[at + 2] = row
    slots[at + 3] = mark
    if (++count > places * fullest) grow()
    return undefined
  }
}
