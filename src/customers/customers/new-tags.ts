import type { Knex } from 'knex'
import { singleLine } from '../../kernel/china/text.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import type { Reference } from '../../kernel/reference.ts'
import { type Field, line } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, typedIn, type Values } from '../../kernel/web/form.ts'
import { joined } from '../../kernel/web/multi-value.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { longestName, separators } from '../tags/fields.ts'
import { tagsNamed } from '../tags/named.ts'
import { tagIdsIn } from './tags.ts'

const most = 10

/** Where new tags are typed, for those who may make them. */
export const newTagsField: Field = {
  name: 'new_tags',
  label: text.tags.newTags,
  kind: line,
  max: 200,
  hint: text.tags.newTagsHint,
  isWide: true,
}

/** The names of new tags in a form, each once. */
export function readNewTags(body: Body): { names: string[]; errors: FieldError[] } {
  const typed = typedIn(body, newTagsField.name).split(separators).map(singleLine).filter(Boolean)
  const names = [...Map.groupBy(typed, foldKey).values()].map(([first]) => first as string)
  const long = names.find((name) => [...name].length > longestName)
  const errors = [
    ...(long ? [text.tags.tooLong(long.slice(0, 40), longestName)] : []),
    ...(names.length > most ? [text.tags.tooMany(most)] : []),
  ]
  return { names, errors: errors.map((message) => fieldError(newTagsField, message)) }
}

type Typed = { values: Values; names: string[]; actor: Actor; reference: Reference }

/** Makes the tags that are new and adds them to what was chosen; the reference then knows them, for the history. */
export async function takeNewTags(trx: Knex, { values, names, actor, reference }: Typed) {
  if (names.length === 0) return { values, reference }
  const ids = await tagsNamed(trx, names, actor)
  const tags = await trx('tags').orderBy(['name_pinyin', 'id']).select('id', 'name', 'tone')
  const tag_ids = joined([...new Set([...tagIdsIn(values), ...ids])])
  return { values: { ...values, tag_ids }, reference: { ...reference, tags } }
}
