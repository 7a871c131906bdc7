import type { Knex } from 'knex'
import { cachedByRevision } from '../../kernel/db/cache-revision.ts'
import { addressesIn, addressList } from '../../kernel/web/addresses.ts'

/** From where a person may sign in. */
export type Access = { isDeviceBound: boolean; allows(address: string): boolean }

export const anywhere = () => true

/** The restrictions of those who have any, by user. */
export const accessAt = cachedByRevision(async (db: Knex): Promise<Map<number, Access>> => {
  const rows: { user_id: number; is_device_bound: boolean; allowed_addresses: string | null }[] = await db(
    'user_access',
  ).select('user_id', 'is_device_bound', 'allowed_addresses')
  return new Map(
    rows.map(({ user_id, is_device_bound, allowed_addresses: list }) => [
      user_id,
      { isDeviceBound: is_device_bound, allows: list ? addressList(addressesIn(list)) : anywhere },
    ]),
  )
})
