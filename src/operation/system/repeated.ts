import type { Knex } from 'knex'
import { contactPath } from '../../customers/contacts/params.ts'
import { type Repeated, repeatedKeys } from '../../kernel/db/repeated-keys.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { rightOf } from '../../kernel/modules/module.ts'
import type { Permission } from '../../kernel/permissions.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import type { Item } from './facts.ts'

const t = text.system.repeated
const most = 50

type Row = Repeated['row']

/** Where a record of each kind is given another text, and the right to do so; without one it is everybody's own. */
const places: Record<string, { right?: Permission; edit(row: Row): string }> = {
  customers: { right: 'customers.update', edit: ({ id }) => `/customers/${id}/edit` },
  contacts: { right: 'contacts.update', edit: (row) => `${contactPath(row)}/edit` },
  users: { right: 'users.update', edit: ({ id }) => `/users/${id}/edit` },
  departments: { right: 'departments.update', edit: ({ id }) => `/departments/${id}/edit` },
  roles: { right: 'roles.update', edit: ({ id }) => `/roles/${id}/edit` },
  tags: { right: 'tags.update', edit: ({ id }) => `/tags/${id}/edit` },
  dictionary_entries: {
    right: 'dictionaries.update',
    edit: ({ dictionary, id }) => `/dictionaries/${dictionary}/${id}/edit`,
  },
  list_views: { edit: ({ id }) => `/list-views/${id}/edit` },
  saved_reports: { edit: ({ id }) => `/saved-reports/${id}/edit` },
}

function placeOf(table: string) {
  const module = moduleNamed(table)
  return module
    ? { right: rightOf(module, 'update'), edit: ({ id }: Row) => `${module.path}/${id}/edit` }
    : places[table]
}

/** The records that share a text with another, a sentence for each that this person may see, and how many others there are. */
export async function repeatedFacts(db: Knex, viewer: Viewer): Promise<Item[]> {
  const all = await repeatedKeys(db)
  const shown: Item[] = []
  for (const one of all) if (shown.length < most && (await isSeen(db, one, viewer))) shown.push(itemOf(one))
  const hidden = all.length - shown.length
  return [...shown, ...(hidden > 0 ? [{ label: t.others, text: t.unseen(showCount(hidden)), isWide: true }] : [])]
}

async function isSeen(db: Knex, { keyed: { table }, row }: Repeated, viewer: Viewer): Promise<boolean> {
  const right = placeOf(table)?.right
  if (!right) return row.user_id === viewer.id
  if (!viewer.can(right)) return false
  if (table === 'customers') return inScope(viewer.scope(right), row.owner_id)
  if (table !== 'contacts') return true
  const customer = await db('customers')
    .where({ id: row.customer_id as number })
    .first('owner_id')
  return inScope(viewer.scope(right), customer?.owner_id)
}

function itemOf({ keyed: { table, text }, row, other }: Repeated): Item {
  const own = String(row[text])
  const href = row.deleted_at ? '/recycle-bin' : placeOf(table)?.edit(row)
  const said = other ? t.same(own, String(other[text])) : t.once(own)
  return {
    label: t.fields[table] ?? moduleNamed(table)?.label ?? table,
    text: said,
    isWide: true,
    ...(href && { href }),
  }
}
