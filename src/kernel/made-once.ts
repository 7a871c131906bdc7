/** What follows from an object that never changes: made once for it, with what else it took the first time, and held as long as it is. */
export function madeOnce<K extends object, A extends unknown[], V>(make: (key: K, ...more: A) => V) {
  const held = new WeakMap<K, V>()
  return (key: K, ...more: A): V => {
    const present = held.get(key)
    if (present !== undefined) return present
    const made = make(key, ...more)
    held.set(key, made)
    return made
  }
}
