import type { Knex } from 'knex'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import { exactMatches, linksAmong, withNames } from '../../../kernel/modules/link-names.ts'
import { targetNamed } from '../../../kernel/modules/link-targets.ts'
import type { Module, ModuleField, Stored } from '../../../kernel/modules/module.ts'
import type { Match, Named } from '../../../kernel/web/link-kind.ts'
import { text } from '../../../texts/index.ts'
import type { Existing } from '../checking/existing.ts'
import type { Target } from '../kind.ts'
import { addReason, type ReadRow, type Texts } from '../reading/row.ts'
import type { Work } from '../work.ts'

/** What a row says of the record that a field points at: its code, its name, or both. */
export type Pointed = { name?: string | undefined; code?: string | undefined }

const codeName = (name: string) => `${name}_code`

/** The columns that name what a field points at: the name, and where there are codes, those. */
export function linkTargets(field: ModuleField, target: Target): Target[] {
  const pointed = targetNamed(field.to ?? '')
  const hasCode = pointed?.codes[0] !== undefined && pointed.codes[0] !== pointed.title
  const label = text.form.link.code(target.label)
  return [
    target,
    ...(hasCode
      ? [{ key: `${target.record}.${codeName(field.name)}`, record: target.record, name: codeName(field.name), label }]
      : []),
  ]
}

type Reading = { record: string; labelOf(label: string): string }

/** What a row says of its links, by their fields; whoever is required must be said. */
export function readLinks(
  fields: readonly ModuleField[],
  read: ReadRow,
  written: Texts,
  { record, labelOf }: Reading = { record: 'record', labelOf: (label) => label },
): Record<string, Pointed> {
  const said: Record<string, Pointed> = {}
  for (const { name, label, isRequired } of linksAmong([...fields])) {
    const pointed = { name: written[`${record}.${name}`], code: written[`${record}.${codeName(name)}`] }
    if (pointed.name || pointed.code) said[name] = pointed
    else if (isRequired) addReason(read, labelOf(label), '', text.form.required(label))
  }
  return said
}

/**
 * Puts ids in place of what rows say of their links, as whoever typed it into the form would have got them; what a record
 * points at already, as it is written in a file that went out, stays.
 */
export async function placeLinks(db: Knex, module: Module, work: Work, found: Map<ReadRow, Existing>, rows: ReadRow[]) {
  const links = linksAmong(module.fields)
  if (links.length === 0) return
  const look = recordFinder(db, work)
  const before = await recordsOf(db, module, found)
  const named = await withNames(db, work.viewer, links, [...before.values()])
  for (const row of rows)
    for (const field of named) {
      const said = (row.values.links as Record<string, Pointed> | undefined)?.[field.name]
      const record = before.get(found.get(row)?.id ?? 0)
      const id = said && (await pointedAt(row, field, said, record, look))
      if (id !== undefined) row.values.record = { ...row.values.record, [field.name]: id }
    }
}

type Look = (to: string, typed: string) => Promise<Match[]>

/** Looks records up by what rows say, once for all that say the same. */
export function recordFinder(db: Knex, { viewer }: Work): Look {
  const known = new Map<string, Promise<Match[]>>()
  return (to, typed) => {
    const key = `${to} ${foldKey(typed)}`
    const matches = known.get(key) ?? exactMatches(db, viewer, to, typed)
    known.set(key, matches)
    return matches
  }
}

/** The id of what a row says that a field points at; undefined where it is none, with the reason in the row. */
export async function pointedAt(
  row: ReadRow,
  { name, label, to = '', named }: ModuleField,
  { name: written = '', code }: Pointed,
  record: Record<string, unknown> | undefined,
  look: Look,
): Promise<number | undefined> {
  const current = (record?.[name] ?? undefined) as number | undefined
  if (current !== undefined && isSame(named?.get(current), written, code)) return current
  const matches = await look(to, code || written)
  const [only] = matches
  const isOther = code && written && only && foldKey(only.name) !== foldKey(written)
  if (only && matches.length === 1 && !isOther) return only.id
  const { none, several, another } = text.form.link
  addReason(row, label, code || written, isOther ? another(only.name) : only ? several(matches.length) : none)
  return undefined
}

/** Whether a file says of what a record points at the same as when it went out. */
function isSame(named: Named | undefined, written: string, code: string | undefined): boolean {
  if (!named) return foldKey(written) === foldKey(text.form.link.hidden)
  return (
    foldKey(written || named.plain) === foldKey(named.plain) &&
    foldKey(code || (named.code ?? '')) === foldKey(named.code ?? '')
  )
}

async function recordsOf(db: Knex, { name }: Module, found: Map<ReadRow, Existing>) {
  const ids = [...found.values()].map(({ id }) => id)
  const rows: Stored[] = ids.length > 0 ? await db(name).whereIn('id', ids) : []
  return new Map(rows.map((row) => [row.id, row]))
}
