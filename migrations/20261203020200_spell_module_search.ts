import type { Knex } from 'knex'
import { changeTexts } from '../src/kernel/db/module-search.ts'
import { isWhollySpelled, spelledTexts } from '../src/kernel/search/spelled.ts'

/** In a text stood name, full pinyin, initials; the syllables take the place of the full pinyin where they say all of it. */
export const up = (knex: Knex) => changeTexts(knex, spelled)

function spelled(text: string): string {
  const [name = '', full = '', initials = '', ...others] = text.split('|')
  const spellings = /^[a-z0-9]+$/.test(full) ? spelledTexts(full, initials) : []
  if (spellings.length === 0) return text
  const pinyin = isWhollySpelled(full, spellings) ? [initials] : [full, initials]
  return [...spellings, name, ...pinyin, ...others].join('|').slice(0, 2000).toWellFormed()
}

/** Found by syllables they are found by the older program too. */
export async function down() {}
