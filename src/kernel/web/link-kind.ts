import { text } from '../../texts/index.ts'
import type { Field, FieldKind } from './fields.ts'

/** What is said of a record that a field holds: `plain` is its name alone, as files have it. */
export type Named = { text: string; plain: string; code: string | null; href?: string; isGone?: boolean }

/** One of several records of the name that was typed. */
export type Match = { id: number; name: string; code: string | null }

/**
 * The module whose record a field holds; for one form or page the names of the records at hand, and why what was typed is
 * none of them.
 */
export type LinkParts = {
  to?: string
  named?: ReadonlyMap<number, Named>
  refusal?: string
  matches?: Match[]
  /** The fields of the lines it holds (kernel/modules/lines.ts). */
  lines?: Field[]
}

/**
 * A record of another module (`to`), stored by its id. Forms hold `id:17`, which is what a code or a name that was typed
 * becomes where it is looked up (kernel/modules/link-typed.ts); the names are brought along in `named`.
 */
export const link: FieldKind = {
  control: 'link',
  help: 'look-ups',
  parse: (typed, { refusal, named }) => {
    // An id that nobody looked up is nothing: whoever sends it may not see the record.
    const id = refusal === undefined && named ? linkedId(typed) : undefined
    return id ?? refuse(refusal ?? text.form.link.none)
  },
  write: (value) => (value === null || value === undefined ? '' : `id:${value}`),
  show: (value, { named }) =>
    value === null || value === undefined ? '' : (named?.get(Number(value))?.text ?? text.form.link.hidden),
}

/** The id in a text as forms hold it; undefined where it was typed by somebody. */
export function linkedId(typed: string): number | undefined {
  const [, id] = /^id:([1-9]\d{0,8})$/.exec(typed) ?? []
  return id === undefined ? undefined : Number(id)
}

/** What stands in an address or a form, as it is read: the name of a record, or what was typed. */
export function shownLink({ named }: Pick<Field, 'named'>, written: string): string {
  const id = linkedId(written)
  return id === undefined ? written : (named?.get(id)?.text ?? text.form.link.hidden)
}

function refuse(sentence: string): never {
  throw sentence
}
