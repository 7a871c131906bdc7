import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { sendPdf } from '../../kernel/report/send.ts'
import { writeXlsx } from '../../kernel/spreadsheets/write-xlsx.ts'
import { datedName } from '../../kernel/web/dated-name.ts'
import { attachment } from '../../kernel/web/list-export.ts'
import { idParams } from '../../kernel/web/params.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { forbidden } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { userKind } from '../users/fields.ts'
import { findUser } from '../users/user.ts'
import { findHandover, mayHandOver, receivedOf } from './handover.ts'
import { columnsFor, listRows, protocolReport } from './protocol.ts'
import { handoverView } from './view.ts'

type Params = { Params: { id: number; handoverId: number } }
const { id } = idParams.properties
const params = { type: 'object', required: ['id', 'handoverId'], properties: { id, handoverId: id } } as const

/** A hand-over with what became of it, its protocol to sign, and the list of what moved. */
export function protocolRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'users.transfer' as const }, schema: { params } }
  const path = '/users/:id/handovers/:handoverId'
  const asked = async (request: FastifyRequest<Params>) => {
    const { id, handoverId } = request.params
    const giver = await findUser(app.db, id)
    if (!mayHandOver(request, id)) throw forbidden()
    return {
      giver,
      handover: await findHandover(app.db, id, handoverId),
      received: await receivedOf(app.db, handoverId),
      reference: await referenceAt(app.db, request.revision),
    }
  }

  app.get<Params>(path, options, async (request, reply) => {
    const found = await asked(request)
    return reply.page('people/hand-overs/show', await handoverView(app.db, found))
  })

  app.get<Params>(`${path}/protocol.pdf`, options, async (request, reply) => {
    const found = await asked(request)
    await recordEvent(app.db, request.actor, { ...eventOf(userKind, found.giver), action: 'print' })
    return sendPdf(app, request, reply, await protocolReport(app.db, found))
  })

  app.get<Params>(`${path}/customers.xlsx`, options, async (request, reply) => {
    const { giver, handover, reference } = await asked(request)
    await recordEvent(app.db, request.actor, { ...eventOf(userKind, giver), action: 'export' })
    const name = datedName(`${text.handovers.protocol} ${giver.name}`, 'xlsx')
    return reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', attachment('handover.xlsx', name))
      .header('cache-control', 'no-store')
      .send(writeXlsx(columnsFor(handover), listRows(app.db, handover, reference), text.handovers.protocol))
  })
}
