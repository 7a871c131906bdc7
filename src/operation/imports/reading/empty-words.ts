import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Settings } from '../../../kernel/settings/settings.ts'
import type { Target } from '../kind.ts'
import { valueNamed } from './names.ts'
import type { RowContext } from './row.ts'

/** The words by their keys, and what one of them may begin with: most cells begin otherwise. */
type Words = { keys: ReadonlySet<string>; beginnings: ReadonlySet<string> }

const held = new WeakMap<Settings, Words>()
const longest = 20
const dashes = '-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30FC_'

/** One way of writing each: dashes are alike, however long. */
const wordKey = (word: string) => foldKey(word).replace(new RegExp(`[${dashes}]+`, 'g'), '-')

function emptyWords(settings: Settings): Words {
  const words = held.get(settings) ?? wordsOf(settings.emptyWords)
  held.set(settings, words)
  return words
}

function wordsOf(list: string[]): Words {
  const keys = new Set(list.map(wordKey))
  const firsts = [...keys].flatMap(([first = '']) => (first === '-' ? [...dashes] : [first, first.toUpperCase()]))
  return { keys, beginnings: new Set(firsts) }
}

/** What programs write where there is no day. */
const noDay = /^(?:0{2,4}[-/.]0{1,2}[-/.]0{1,2}|0\/0\/0+|1900[-/.]0?1[-/.]0{1,2})(?: .*)?$/

type Known = Pick<RowContext, 'targets' | 'settings' | 'reference'>

/**
 * The cells of a row without those that only say that there is nothing (-, /, 无, N/A: settings). Notes stay as they are,
 * and so does what is the name of an option.
 */
export function withoutEmptyWords(cells: string[], { targets, settings, reference }: Known): string[] {
  const { keys, beginnings } = emptyWords(settings)
  const isEmpty = (cell: string, target: Target | undefined) => {
    if (cell === '' || cell.length > longest || target?.field?.kind.control === 'textarea') return false
    if (target?.field?.kind.control === 'day' && noDay.test(cell)) return true
    if (!beginnings.has(cell[0] ?? '') || !keys.has(wordKey(cell))) return false
    return !target?.field?.options || valueNamed(reference, target, cell) === undefined
  }
  return cells.some((cell, index) => isEmpty(cell, targets[index]))
    ? cells.map((cell, index) => (isEmpty(cell, targets[index]) ? '' : cell))
    : cells
}
