import type { Knex } from 'knex'
import { lookAtRecords, matchingRecords, type Sought } from '../db/module-search.ts'
import { searchTerms } from '../search/terms.ts'
import type { List, ListQuery } from '../web/list.ts'
import { narrowed } from '../web/list-page.ts'
import { windowPage } from '../web/list-window.ts'
import type { Viewer } from '../web/viewer.ts'
import { wordsOf } from './catalogue.ts'
import { fieldNamed, type Module } from './module.ts'
import { findsOpenOnly } from './search-text.ts'

/** So many hits are collected and sorted; of more, a page is soon met along the order of the list. */
const mostCollected = 3_000

/** The search of a module's list, by the index of all modules (kernel/db/module-search.ts). */
export function searchOf(module: Module): Required<Pick<List, 'search' | 'page'>> {
  const { name } = module
  const sought = (q: string, viewer: Viewer): Sought | undefined => {
    const terms = searchTerms(q)
    return terms ? { module: name, terms, isOpenOnly: findsOpenOnly(module, viewer) } : undefined
  }
  const look = (rows: Knex.QueryBuilder, q: string, viewer: Viewer) => {
    const asked = sought(q, viewer)
    return asked ? lookAtRecords(rows, asked) : rows.where(`${name}.id`, 0)
  }
  const isBroad = async (db: Knex, { q, viewer }: ListQuery) => {
    const asked = sought(q, viewer)
    return asked !== undefined && (await findsMany(db, asked))
  }
  return {
    search: {
      placeholder: wordsOf(module).searched(searchedLabels(module)),
      apply: (db, rows, q, viewer) => {
        const asked = sought(q, viewer)
        return asked ? rows.whereIn(`${name}.id`, matchingRecords(db, asked)) : rows.where(`${name}.id`, 0)
      },
      broad: { isBroad, look },
    },
    page: async (db, query, list) =>
      query.q && (await isBroad(db, query))
        ? windowPage(db, list, query, () => look(narrowed(db, list, query), query.q, query.viewer))
        : undefined,
  }
}

async function findsMany(db: Knex, sought: Sought): Promise<boolean> {
  const some = matchingRecords(db, sought).limit(mostCollected + 1)
  const counted = await db.from(some.as('some')).count({ row_count: '*' }).first()
  return Number(counted?.row_count) > mostCollected
}

/** What the search looks in, in words: the pinyin stands behind the title. */
function searchedLabels(module: Module): string[] {
  const [first, ...others] = module.search.map((one) => fieldNamed(module, one).label)
  return [first ?? '', wordsOf(module).pinyin, ...others]
}
