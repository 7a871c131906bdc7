import { foldKey } from '../db/fold-key.ts'
import type { Settings } from '../settings.ts'
import { valueNamed } from './names.ts'
import type { RowContext } from './row.ts'
import type { Target } from './targets.ts'

const held = new WeakMap<Settings, ReadonlySet<string>>()
const longest = 20

/** One way of writing each: dashes are alike, however long. */
const wordKey = (word: string) => foldKey(word).replace(/[-‐‑‒–—―−ー─_]+/g, '-')

function emptyWords(settings: Settings): ReadonlySet<string> {
  const words = held.get(settings) ?? new Set(settings.emptyWords.map(wordKey))
  held.set(settings, words)
  return words
}

/** What programs write where there is no day. */
const noDay = /^(?:0{2,4}[-/.]0{1,2}[-/.]0{1,2}|0\/0\/0+|1900[-/.]0?1[-/.]0{1,2})(?: .*)?$/

type Known = Pick<RowContext, 'targets' | 'settings' | 'reference'>

/**
 * The cells of a row without those that only say that there is nothing (-, /, 无, N/A: settings). Notes stay as they are,
 * and so does what is the name of an option.
 */
export function withoutEmptyWords(cells: string[], { targets, settings, reference }: Known): string[] {
  const words = emptyWords(settings)
  const isEmpty = (cell: string, target: Target | undefined) => {
    if (cell === '' || cell.length > longest || target?.field?.kind.control === 'textarea') return false
    if (target?.field?.kind.control === 'day' && noDay.test(cell)) return true
    if (!words.has(wordKey(cell))) return false
    return !target?.field?.options || valueNamed(reference, target.field, cell) === undefined
  }
  return cells.some((cell, index) => isEmpty(cell, targets[index]))
    ? cells.map((cell, index) => (isEmpty(cell, targets[index]) ? '' : cell))
    : cells
}
