import { createRequire } from 'node:module'
import { placeReadings } from './place-readings.ts'

/** Search keys of a name: `full` without blanks (yueqing), `initials` (yq); lower-case letters and digits only. */
export type PinyinKeys = { full: string; initials: string }

const fullLength = 200
const initialsLength = 100

let loaded: typeof import('pinyin-pro') | undefined

/** Its dictionaries take 17 MB, which a program that only shows pages does without; `require`, because names are read at once. */
function library() {
  if (loaded) return loaded
  loaded = createRequire(import.meta.url)('pinyin-pro') as typeof import('pinyin-pro')
  loaded.customPinyin(placeReadings)
  return loaded
}

/** Pinyin of a company, place or product name; ü is v, letters and digits stay, everything else is dropped. */
export function companyPinyin(name: string): PinyinKeys {
  return keysOf(library().pinyin(name.normalize('NFKC'), { toneType: 'none', type: 'array', v: true }))
}

/** Pinyin of a person's name, whose first characters are read as a surname: 单 shan, 仇 qiu, 尉迟 yu chi. */
export function personPinyin(name: string): PinyinKeys {
  return keysOf(library().pinyin(name.normalize('NFKC'), { toneType: 'none', type: 'array', v: true, surname: 'head' }))
}

function keysOf(syllables: string[]): PinyinKeys {
  const readable = syllables
    .map((syllable) => syllable.toLowerCase())
    .filter((syllable) => /^[a-z0-9]+$/.test(syllable))
  return {
    full: readable.join('').slice(0, fullLength),
    initials: readable
      .map((syllable) => syllable[0])
      .join('')
      .slice(0, initialsLength),
  }
}
