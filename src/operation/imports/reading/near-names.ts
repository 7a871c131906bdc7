import type { Reference } from '../../../kernel/reference.ts'
import type { Field } from '../../../kernel/web/fields.ts'
import { text } from '../../../texts/index.ts'

const { empty, opposite } = text.imports.nameParts
const shortestPart = 2

const plain = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/**
 * The form's value of the one option that is probably meant by a name that none has: 普通 for 普通客户, 华东 for 华东区. It is
 * proposed and not taken unasked. Nothing where several are as near, or where one says the opposite.
 */
export function nearValue(reference: Reference, { options }: Field, written: string): string | undefined {
  const name = plain(written)
  const bare = name.replace(empty, '')
  const all = (options?.(reference) ?? []).filter(({ isActive }) => isActive !== false)
  const keyed = all.map(({ value, label }) => ({ value, name: plain(label), bare: plain(label).replace(empty, '') }))
  const only = (found: typeof keyed) => (found.length === 1 ? found[0]?.value : undefined)
  if (bare === '') return undefined
  const alike = keyed.filter((one) => one.bare === bare)
  return alike.length > 0 ? only(alike) : only(keyed.filter((one) => isPart(one.name, name)))
}

function isPart(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.length >= shortestPart && long.includes(short) && !opposite.test(long.replace(short, ''))
}
