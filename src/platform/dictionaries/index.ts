import type { FastifyInstance } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { deletionRoutes } from './deletion.ts'
import { dictionaryNamed } from './dictionaries.ts'
import { divisionRoutes } from './division-routes.ts'
import { type DictionaryParams, dictionaryParams } from './params.ts'
import { countUses } from './uses.ts'
import { dictionariesView, entriesView } from './views.ts'

/** Dictionaries 「基础设置」 (spec 2.1): their entries, and the administrative divisions. */
export async function dictionaryRoutes(app: FastifyInstance) {
  await divisionRoutes(app)
  await deletionRoutes(app)

  app.get('/dictionaries', { config: { permission: 'dictionaries.view' } }, async (request, reply) =>
    reply.page('platform/dictionaries/index', dictionariesView(await referenceAt(app.db, request.revision))),
  )

  app.get<DictionaryParams>(
    '/dictionaries/:section',
    { config: { permission: 'dictionaries.view' }, schema: { params: dictionaryParams } },
    async (request, reply) => {
      const dictionary = dictionaryNamed(request.params.section)
      const reference = await referenceAt(app.db, request.revision)
      const ids = reference.dictionary(dictionary.name).map(({ id }) => id)
      const counts = await countUses(app.db, dictionary, ids)
      return reply.page('platform/dictionaries/entries', entriesView(request, dictionary, reference, counts))
    },
  )
}
