import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Division, Reference } from '../../kernel/reference.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

const stateText = (isActive: boolean) => (isActive ? text.dictionaries.active : text.dictionaries.inactive)

/** A division and those it lies in, the province first; empty for the country. */
export function divisionPath(reference: Reference, code: string | undefined): Division[] {
  const division = reference.division(code)
  return division ? [...divisionPath(reference, division.parent_code ?? undefined), division] : []
}

/** Switches a division on or off for new choices; codes and names stay as GB/T 2260 has them. */
export async function switchDivision(trx: Knex, { code, name }: Division, isActive: boolean, actor: Actor) {
  await bumpRevision(trx)
  const changed = await trx('administrative_divisions')
    .where({ code, is_active: !isActive })
    .update({ is_active: isActive })
  if (changed === 0) return
  await recordEvent(trx, actor, {
    action: 'update',
    record_type: 'administrative_divisions',
    record_id: Number(code),
    record_name: name,
    changes: [
      {
        field: 'is_active',
        before: !isActive,
        after: isActive,
        beforeText: stateText(!isActive),
        afterText: stateText(isActive),
      },
    ],
  })
}
