import { text } from '../../../kernel/texts/index.ts'
import { type ImportKind, type Target, targetsOf } from '../mapping/targets.ts'

const simplified = new Map(
  [...text.imports.traditional.from].map((sign, at) => [sign, text.imports.traditional.to[at]]),
)

/** Letters and digits alone, in simplified hanzi: without width, case, blanks, stars, brackets and colons. */
export const headingKey = (heading: string) =>
  [
    ...heading
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  ]
    .slice(0, 50)
    .map((sign) => simplified.get(sign) ?? sign)
    .join('')

const { synonyms, contactSynonyms, programSynonyms, programContactSynonyms, mainContactHeadings, ofContact, ownName } =
  text.imports

/** The names of a target, those of our own files and of offices first. */
function namesOf(kind: ImportKind, { record, name, label }: Target): string[] {
  const isOwnName = name === 'name' && record === (kind === 'customers' ? 'customer' : 'contact')
  const own = isOwnName ? ownName : []
  if (record === 'customer') {
    const ofOwner = kind === 'contacts' && name === 'name' ? text.imports.customerOfContact : []
    return [label, ...ofOwner, ...(synonyms[name] ?? []), ...(programSynonyms[name] ?? []), ...own]
  }
  const others = [...(contactSynonyms[name] ?? []), ...(programContactSynonyms[name] ?? [])]
  const ofMain = name === (kind === 'contacts' ? 'is_main' : 'name') ? mainContactHeadings : []
  if (kind === 'contacts') return [label, ...others, ...own, ...ofMain]
  return [label, ...others.map(ofContact), ...ofMain]
}

const known: Record<ImportKind, Map<string, string>> = { customers: new Map(), contacts: new Map() }
for (const kind of ['customers', 'contacts'] as const)
  for (const target of targetsOf[kind])
    for (const name of namesOf(kind, target)) {
      const key = headingKey(name)
      if (!known[kind].has(key)) known[kind].set(key, target.key)
    }

/** The target that a heading is known for in this or other programs. */
export const knownTarget = (kind: ImportKind, heading: string): string | null =>
  known[kind].get(headingKey(heading)) ?? null
