import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access, AccessOf } from '../web/access.ts'
import { type FactParams, type Facts, factRoutes } from '../web/fact-routes.ts'
import { fieldError } from '../web/form.ts'
import { seeing } from '../web/unmasking.ts'
import type { Viewer } from '../web/viewer.ts'
import { FoundAlike, refuseAlike } from './alike.ts'
import { wordsOf } from './catalogue.ts'
import { fieldsFor, keptOwner, read } from './form-values.ts'
import { withNames } from './link-names.ts'
import { lookUpLinks } from './link-typed.ts'
import { type Module, nameOf, rightOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { recordAt } from './reading.ts'
import { addressOf, placeOf } from './record-address.ts'
import { findRecord, kindOf } from './records.ts'
import { refuseBarred, refusedBy, saveChecked } from './saving.ts'
import { aboveIdOf, withSiblings } from './siblings.ts'
import { undoLink } from './undo.ts'

/** Changing one field of a record of a module on its card. */
export function moduleFactRoutes(app: FastifyInstance, { records, of, right }: Mount) {
  const permission = right('update')
  if (!permission) return
  factRoutes(app, {
    records,
    permission: permission as Access | AccessOf,
    open: (request) => factsOf(app, request, of(request)),
  })
}

async function factsOf({ db }: FastifyInstance, request: FastifyRequest<FactParams>, module: Module): Promise<Facts> {
  const { viewer, actor } = request
  const record = await recordAt(db, request, module, 'update')
  refuseBarred(module, record, 'update', viewer)
  const reader = await seeing(db, request, { table: module.name, id: record.id, permission: rightOf(module, 'unmask') })
  const preset = keptOwner(module, record)
  const fields = await withSiblings(db, reader, module, fieldsFor(module, reader, record), aboveIdOf(module, record))
  const whole = (values: object) => ({
    ...Object.fromEntries(module.fields.map(({ name }) => [name, record[name] ?? null])),
    ...values,
  })
  return {
    kind: kindOf(module),
    record,
    facts: fields.map((field) => [field]),
    path: addressOf(module, record),
    place: placeOf(module, record),
    async look(asked, typed) {
      if (Object.keys(typed).length === 0) return { fields: await withNames(db, viewer, asked, [record]), typed }
      const { fields, body } = await lookUpLinks(db, viewer, asked, { body: typed, before: record })
      return { fields, typed: body }
    },
    read: (fields, typed, reference) => {
      const { values, errors } = read({ fields, typed, reference, preset }, record)
      return { values: Object.fromEntries(fields.map(({ name }) => [name, values[name] ?? null])), errors }
    },
    find: () => findRecord(db, module, viewer, record.id),
    naming: (fields, values) => withNames(db, viewer, fields, values),
    async save(trx, { version, values, reference }) {
      await refuseAlike(trx, module, whole(values), { typed: {}, viewer, before: record })
      return saveChecked({ trx, actor, viewer, reference }, module, record, { version, values: whole(values) })
    },
    async refused(error, [field], values) {
      if (!field) throw error
      if (error instanceof FoundAlike) return [fieldError(field, wordsOf(module).foundAlike)]
      const errors = await refusedBy(db, module, error, { values: whole(values), before: record })
      return errors.map(({ message }) => fieldError(field, message))
    },
    undo: () => undoLink(db, module, viewer, record.id),
    said: (isChanged, values) =>
      isChanged ? wordsOf(module).saved(nameOf(module, { ...record, ...values })) : wordsOf(module).unchanged,
  }
}

/** The address at which a person changes a field of a record on its card; undefined of those that are not. */
export function editingOf(module: Module, viewer: Viewer, record: Stored) {
  const names = new Set(fieldsFor(module, viewer, record).map(({ name }) => name))
  const path = addressOf(module, record)
  return (name: string) => (names.has(name) ? `${path}/facts/${name}` : undefined)
}
