import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { changeMany, giveBinned } from '../../kernel/modules/bulk.ts'
import { declaredModules, moduleNamed } from '../../kernel/modules/catalogue.ts'
import { givenColumn, has, type Module, nameOf, rightOf } from '../../kernel/modules/module.ts'
import type { Permission } from '../../kernel/permissions.ts'
import type { ActingContext, RecordVersion } from '../../kernel/web/bulk.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Given } from '../../kernel/web/transfer-form.ts'
import { text } from '../../texts/index.ts'

export type HandedRow = RecordVersion & { deleted_at?: string | null } & Record<string, unknown>

/** Records that belong to people and go to others with a hand-over. */
export type Handed = Given & {
  /** Their table, and the kind of their rows in handover_rows. */
  name: string
  path: string
  /** The right to give them to somebody else. */
  permission: Permission
  hasBin: boolean
  /** The columns of its rows that are read, and their order; `id` lets the walk go on behind the last one. */
  columns: string[]
  order: string[]
  codeOf(row: HandedRow): string
  nameOf(row: HandedRow): string
  /** Gives such rows to somebody; answers the ids of those that moved. */
  give(trx: Knex, rows: HandedRow[], receiver: number, by: ActingContext): Promise<number[]>
  giveBinned(trx: Knex, rows: HandedRow[], receiver: number, by: ActingContext): Promise<number[]>
}

/** Customers are spread by their level and region, the living first, those that are longest there first of all. */
const customers = 'customers'
const ofCustomers: Partial<Handed> = {
  columns: ['id', 'version', 'code', 'name', 'owner_id', 'level_id', 'region_id', 'deleted_at'],
  order: ['deleted_at', 'registered_on'],
  codeOf: ({ code }) => String(code),
}

const handedOf = (module: Module, column: string): Handed => ({
  noun: module.label,
  column,
  view: rightOf(module, 'view'),
  name: module.name,
  path: module.path,
  permission: rightOf(module, has(module, 'transfer') ? 'transfer' : 'update'),
  hasBin: Boolean(module.bin),
  columns: ['*'],
  order: ['id'],
  codeOf: () => '',
  nameOf: (row) => nameOf(module, row),
  give: async (trx, rows, value, by) => (await changeMany(trx, module, rows, { column, value }, by)).changedIds,
  giveBinned: async (trx, rows, value, by) => (await giveBinned(trx, module, rows, value, by)).changedIds,
  ...(module.name === customers && ofCustomers),
})

/** Every kind of record that belongs to people, in the order of the menu. */
export const handedKinds = (): Handed[] =>
  declaredModules().flatMap((module) => {
    const column = givenColumn(module)
    return column ? [handedOf(module, column)] : []
  })

/** Of what somebody has, what this person may give to others; customers are asked for by `mayHandOver`. */
export const givenBy = ({ viewer }: FastifyRequest, giverId: number): Handed[] =>
  handedKinds().filter(({ permission }) => viewer.can(permission) && inScope(viewer.scope(permission), giverId))

/** How many records of a kind somebody has, those of the recycle bin too. */
export type Owned = { kind: Handed; living: number; binned: number }

export const countOwned = (db: Knex, kinds: Handed[], ownerId: number): Promise<Owned[]> =>
  Promise.all(
    kinds.map(async (kind) => {
      const owned = () => db(kind.name).where({ [kind.column]: ownerId })
      const count = async (rows: Knex.QueryBuilder) =>
        Number((await rows.count({ row_count: '*' }).first())?.row_count ?? 0)
      if (!kind.hasBin) return { kind, living: await count(owned()), binned: 0 }
      const living = await count(owned().whereNull('deleted_at'))
      return { kind, living, binned: await count(owned().whereNotNull('deleted_at')) }
    }),
  )

export const totalOf = (owned: Owned[]) => owned.reduce((sum, { living, binned }) => sum + living + binned, 0)

/** What moves is called by its name while it is customers alone. */
export const unitOf = (modules: readonly string[] = []) =>
  modules.every((name) => name === customers) ? text.handovers.customerUnit : text.handovers.recordUnit

/** What a record of handover_rows was, as it is called today. */
export const labelOf = (module: string) => moduleNamed(module)?.label ?? ''
