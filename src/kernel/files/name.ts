import { text } from '../../texts/index.ts'
import { singleLine } from '../china/text.ts'

const longest = 200
const longestEnding = 20

/**
 * The name of an uploaded file as it is shown and given back: without folders, control and direction characters and
 * the signs Windows refuses, at most 200 characters, its ending kept.
 */
export function cleanName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? ''
  const name = singleLine(last)
    .replace(/[<>:"|?*\\/]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const { stem, ending } = parts(name)
  return [...stem].slice(0, longest - ending.length).join('') + ending || text.files.unnamed
}

/** The name with an ending that fits what is in the file: its own when that is one of `endings`, else the first. */
export function withEnding(name: string, endings: readonly string[]): string {
  const { stem, ending } = parts(name)
  return endings.includes(ending.slice(1).toLowerCase()) ? name : `${stem}.${endings[0]}`
}

/** The ending of a name without its dot, in small letters. */
export const endingOf = (name: string) => parts(name).ending.slice(1).toLowerCase()

function parts(name: string) {
  const dot = name.lastIndexOf('.')
  const isEnding = dot > 0 && name.length - dot <= longestEnding
  return isEnding ? { stem: name.slice(0, dot), ending: name.slice(dot) } : { stem: name, ending: '' }
}
