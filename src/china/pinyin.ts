import { customPinyin, pinyin } from 'pinyin-pro'
import { placeReadings } from './place-readings.ts'

/** Search keys of a name: `full` without blanks (yueqing), `initials` (yq); lower-case letters and digits only. */
export type PinyinKeys = { full: string; initials: string }

const fullLength = 200
const initialsLength = 100

customPinyin(placeReadings)

/** Pinyin of a company, place or product name; ü is v, letters and digits stay, everything else is dropped. */
export function companyPinyin(name: string): PinyinKeys {
  return keysOf(pinyin(name.normalize('NFKC'), { toneType: 'none', type: 'array', v: true }))
}

/** Pinyin of a person's name, whose first characters are read as a surname: 单 shan, 仇 qiu, 尉迟 yu chi. */
export function personPinyin(name: string): PinyinKeys {
  return keysOf(pinyin(name.normalize('NFKC'), { toneType: 'none', type: 'array', v: true, surname: 'head' }))
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
