import { text } from '../../../texts/index.ts'
import type { ImportKind, Meanings } from '../kind.ts'
import { headingKey, knownTarget } from '../reading/headings.ts'

const { columns, vagueHeadings } = text.imports

/** Headings that our own files add and that are never taken in. */
export const isOwn = (heading: string) => headingKey(heading) === headingKey(columns.reason)

const vague = new Set(vagueHeadings.map(headingKey))

/** The target of each column: as remembered, else the likeliest meaning no other column has; none is given twice. */
export function presetTargets(
  kind: ImportKind,
  headings: string[],
  remembered: Map<string, string | null>,
): (string | null)[] {
  const keys = headings.map(headingKey)
  const known = kind.meanings?.(keys) ?? keys.map((key) => [knownTarget(kind.targets, key)])
  const meanings = keys.map((key, index): Meanings => {
    if (isOwn(key)) return []
    if (remembered.has(key)) return [remembered.get(key) ?? null]
    const meant = known[index] ?? []
    return vague.has(key) ? [null, ...meant] : meant
  })
  const targets: (string | null)[] = keys.map(() => null)
  const last = Math.max(0, ...meanings.map(({ length }) => length))
  for (let rank = 0; rank < last; rank++)
    for (const [index, { [rank]: target }] of meanings.entries())
      if (target && !targets[index] && !targets.includes(target)) targets[index] = target
  return targets
}
