import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import type { Cell, Column, List, Row } from '../web/list.ts'
import { localPath } from '../web/local-path.ts'
import { type IdParams, idParams } from '../web/params.ts'
import type { Viewer } from '../web/viewer.ts'
import { moduleNamed } from './catalogue.ts'
import { type Module, nameOf, rightOf } from './module.ts'
import { askingFor, isReached } from './reach.ts'
import { findRecord } from './records.ts'
import { saveChecked } from './saving.ts'

const t = text.turning

/** What is done or is not: a module with a column `state`, `open` or `done`, which one click turns. */
export const turned = (name: string) => moduleNamed(name) as Module

/** Whether this person may turn a record. */
const mayTurn = (db: Knex, viewer: Viewer, module: Module, row: Record<string, unknown>) =>
  isReached(db, module, askingFor(module, viewer, 'update'), row)

/** What turns a record: where a click posts; undefined for who may not. */
export async function turning(db: Knex, viewer: Viewer, name: string, row: Record<string, unknown>) {
  const module = turned(name)
  return (await mayTurn(db, viewer, module, row)) ? turnOf(module, row) : undefined
}

const turnOf = ({ path }: Module, { id, state }: Record<string, unknown>) =>
  state === 'open'
    ? { label: t.done, href: `${path}/${id}/completion` }
    : { label: t.reopened, href: `${path}/${id}/reopening` }

/** The same in a row of the workbench. */
export async function turningCell(db: Knex, viewer: Viewer, name: string, row: Record<string, unknown>): Promise<Cell> {
  const turn = await turning(db, viewer, name, row)
  return turn ? { text: turn.label, act: turn.href } : { text: '' }
}

/** A list with a column of it; who may not sees nothing there. */
export function withTurning(list: List, name: string): List {
  const column: Column = {
    name: 'turning',
    label: t.act,
    kind: 'text',
    permission: `${name}.update`,
    needs: ['id', 'state'],
    cell: (row) => (row.turning as Cell | undefined) ?? { text: '' },
  }
  return {
    ...list,
    columns: [...list.columns, column],
    async complete(db, rows, columns, viewer) {
      const completed = (await list.complete?.(db, rows, columns, viewer)) ?? rows
      const marked: Row[] = []
      for (const row of completed) marked.push({ ...row, turning: await turningCell(db, viewer, name, row) })
      return marked
    },
  }
}

/** Saying of a record that it is done, or is not after all; from the list, the card and the workbench. */
export function turningRoutes(app: FastifyInstance, name: string) {
  const module = turned(name)
  const options = { config: { permission: rightOf(module, 'update') }, schema: { params: idParams } }
  for (const [noun, state, said] of [
    ['completion', 'done', t.saidDone],
    ['reopening', 'open', t.saidReopened],
  ] as const)
    app.post<IdParams>(`${module.path}/:id/${noun}`, options, async (request, reply) => {
      await request.flash(said(await turn(app.db, request, module, state)))
      return reply.redirect(cameFrom(request, `${module.path}/${request.params.id}`), 303)
    })
}

/** Answers what it is about; said twice it is done once. */
async function turn(db: Knex, request: FastifyRequest<IdParams>, module: Module, state: string): Promise<string> {
  const { actor, viewer, params } = request
  const reference = await referenceAt(db, request.revision)
  return db.transaction(async (trx) => {
    const record = await findRecord(trx, module, viewer, params.id, 'update')
    const whole = Object.fromEntries(module.fields.map(({ name }) => [name, record[name] ?? null]))
    const save = { version: record.version, values: { ...whole, state } }
    if (record.state !== state) await saveChecked({ trx, actor, viewer, reference }, module, record, save)
    return nameOf(module, record)
  })
}

/** The page that a form was sent from, else another; its path alone, so that it leads nowhere outside. */
function cameFrom({ headers }: FastifyRequest, otherwise: string): string {
  const { referer = '' } = headers
  if (!URL.canParse(referer)) return otherwise
  const { pathname, search } = new URL(referer)
  return localPath(`${pathname}${search}`) ?? otherwise
}
