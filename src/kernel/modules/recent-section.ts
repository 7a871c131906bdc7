import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Opened, recentlyOpened } from '../desk/recent.ts'
import { type DeskSection, registerDeskSection } from '../desk/sections.ts'
import { moduleNamed } from './catalogue.ts'
import type { Module, Stored } from './module.ts'
import { seenName } from './reading.ts'
import { placeOf } from './record-address.ts'
import { visibleRows } from './records.ts'

/** Puts what a person opened last on the workbench, as far as it may still be seen. */
export const registerRecent = () => registerDeskSection(30, ({ db }, request) => recentSection(db, request))

async function recentSection(db: Knex, { viewer }: FastifyRequest): Promise<DeskSection | undefined> {
  const opened = await recentlyOpened(db, viewer.id)
  const found = new Map<string, { module: Module; row: Stored }>()
  for (const [name, some] of Map.groupBy(opened, ({ module }) => module)) {
    const module = moduleNamed(name)
    if (!module) continue
    const ids = some.map(({ id }) => id)
    const rows: Stored[] = await visibleRows(db, module, viewer)
      .whereIn(`${module.name}.id`, ids)
      .select(`${module.name}.*`)
    for (const row of rows) found.set(keyOf({ module: name, id: row.id }), { module, row })
  }
  const seen = opened.flatMap((one) => found.get(keyOf(one)) ?? [])
  if (seen.length === 0) return undefined
  return {
    title: text.desk.recent,
    columns: [
      { name: 'name', label: text.desk.record },
      { name: 'module', label: text.desk.kind },
    ],
    rows: seen.map(({ module, row }) => ({
      id: row.id,
      cells: [{ text: seenName(module, row, viewer), href: placeOf(module, row) }, { text: module.label }],
    })),
    empty: '',
    isAside: true,
  }
}

const keyOf = ({ module, id }: Opened) => `${module} ${id}`
