import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { openDatabase } from '../../kernel/db/open.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { type Access, readAccess } from './access.ts'
import { type AccessChange, accessChanges, rightName, rightsGained } from './access-change.ts'
import { type Origin, refuseForeign } from './seal.ts'
import type { Found } from './staging.ts'

const t = text.backups

/** What a restoration changes in people and rights, and why whoever asks may not do it. */
export type Judgement = { changes: AccessChange[] | null; refusal: Refusal | null }

/** Who may do what in a database that is prepared beside the present one; null where SQL Server holds it in a file. */
export async function preparedAccess({ database }: Pick<Found, 'database'>): Promise<Access | null> {
  if (!database) return null
  const db = openDatabase({ client: 'better-sqlite3', file: database })
  return readAccess(db).finally(() => db.destroy())
}

type Judged = { now: Access; after: Access | null; origin: Origin }

/**
 * Data of elsewhere bring their own people and rights, so they want someone who gives roles anyway. A backup of this
 * installation brings back a day of it: whoever lost rights since does not fetch them again that way.
 */
export function judge(request: Pick<FastifyRequest, 'user' | 'can'>, { now, after, origin }: Judged): Judgement {
  return { changes: after && accessChanges(now, after), refusal: refusalOf(request, { now, after, origin }) }
}

function refusalOf(request: Pick<FastifyRequest, 'user' | 'can'>, { now, after, origin }: Judged): Refusal | null {
  if (request.can('roles.assign')) return null
  try {
    refuseForeign(origin, request)
  } catch (error) {
    return error as Refusal
  }
  const gained = after ? rightsGained(now, after, foldKey(request.user?.username ?? '')) : new Set()
  if (gained.size === 0) return null
  const names = [...(gained as Set<string>)].map(rightName)
  return new Refusal({ status: 403, message: t.ownGain(text.common.listed(names)) })
}

/** The judgement of a restoration that was prepared. */
export async function judgeRestoration(db: Knex, request: FastifyRequest, found: Found): Promise<Judgement> {
  return judge(request, { now: await readAccess(db), after: await preparedAccess(found), origin: found.origin })
}

/** What a page says of it: warnings, then the changes. */
export function judgementView({ changes, refusal }: Judgement, origin: Origin) {
  return {
    refusal: refusal?.message ?? null,
    foreign: origin === 'own' ? null : t.foreign.warning(t.origins[origin]),
    changes: changes ?? [],
    noChanges: changes === null ? t.foreign.notCompared : changes.length === 0 ? t.accessChanges.none : null,
  }
}
