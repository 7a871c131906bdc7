/** The values of the last used keys, at most so many. */
export function recent<V>(most: number) {
  const held = new Map<string, V>()
  return {
    /** What is held for the key, else what `make` answers, held from now on. */
    get(key: string, make: () => V): V {
      const value = held.get(key) ?? make()
      held.delete(key)
      held.set(key, value)
      if (held.size > most) held.delete(held.keys().next().value as string)
      return value
    },
    forget: (key: string) => held.delete(key),
    clear: () => held.clear(),
  }
}
