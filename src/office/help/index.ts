import type { FastifyInstance } from 'fastify'
import { notFound } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { topicGroups, topics } from './topics.ts'

const t = text.help
const config = { permission: 'signed-in' } as const

/** What people need to know and no page says; F1 leads from each screen to its own. */
export async function helpRoutes(app: FastifyInstance) {
  app.get('/help', { config }, (_request, reply) =>
    reply.page('office/help/index', { title: t.title, intro: t.intro, groups: linkGroups(), keys: t.keys }),
  )

  app.get('/help/problems', { config }, (_request, reply) =>
    reply.page('office/help/problems', { title: text.helpProblems.title, items: text.helpProblems.items }),
  )

  app.get<{ Params: { screen: string } }>('/help/:screen', { config }, (request, reply) => {
    const { screen } = request.params
    const topic = Object.hasOwn(topics, screen) ? topics[screen] : undefined
    if (!topic) throw notFound()
    return reply.page('office/help/screen', { ...topic, groups: linkGroups(screen) })
  })

  app.get('/help/remote-access', { config }, async (request, reply) => {
    const isEncrypted = request.protocol === 'https'
    const facts = [
      { label: t.address, text: `${request.protocol}://${request.host}` },
      { label: t.encrypted, text: isEncrypted ? t.encryptedYes : t.encryptedNo, tone: isEncrypted ? 'green' : 'amber' },
      { label: t.sourceAddress, text: request.actor.address ?? '' },
    ]
    const hints = [...(isEncrypted ? [] : [t.encryptedNoHint]), t.sourceProxyHint]
    return reply.page('office/help/remote-access', { title: t.remoteAccess, facts, hints, sections: t.sections })
  })
}

const linkGroups = (screen?: string) => [
  ...topicGroups.map(({ title, codes }) => ({
    title,
    links: codes.map((code) => ({ href: `/help/${code}`, label: topics[code]?.title, isCurrent: code === screen })),
  })),
  {
    title: t.hints,
    links: [
      { href: '/help/problems', label: t.problems, isCurrent: false },
      { href: '/help/remote-access', label: t.remoteAccess, isCurrent: false },
      { href: '/help/roles', label: t.roles, isCurrent: false },
    ],
  },
]
