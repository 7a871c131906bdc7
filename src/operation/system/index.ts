import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { showSecond } from '../../kernel/web/formatting.ts'
import { boxOver } from '../../kernel/web/page.ts'
import { text } from '../../texts/index.ts'
import { registerSystemOnDesk } from './desk.ts'
import { systemFacts } from './facts.ts'
import { eventText, type LogLine, readLog } from './log-file.ts'
import { updatePath, updateRoutes } from './update-routes.ts'

const t = text.system
const path = '/system'
const levels = { error: 50, warn: 40, all: 0 } as const

/** How the program is: facts, its log, and letting go of what it holds in memory. */
export async function systemRoutes(app: FastifyInstance) {
  registerSystemOnDesk()
  await app.register(multipart, { throwFileSizeLimit: false })
  app.get(path, { config: { permission: 'system.view' } }, async (request, reply) => {
    const actions = [
      { label: t.log, href: `${path}/log`, kind: 'plain' },
      ...(request.can('system.update') ? [{ label: t.update.title, href: updatePath, kind: 'plain' }] : []),
      ...(request.can('system.update') ? [{ label: t.clearCaches, href: `${path}/caches`, kind: 'plain' }] : []),
    ]
    const card = { title: t.title, actions, groups: await systemFacts(app, request.viewer) }
    return reply.page('shared/card', { title: t.title, card })
  })
  logPage(app)
  caches(app)
  updateRoutes(app)
}

function logPage(app: FastifyInstance) {
  app.get<{ Querystring: { level?: string; q?: string } }>(
    `${path}/log`,
    { config: { permission: 'system.view' } },
    async (request, reply) => {
      const level = request.query.level === 'all' || request.query.level === 'error' ? request.query.level : 'warn'
      const words = String(request.query.q ?? '')
        .trim()
        .slice(0, 100)
      const lines = await readLog(app.config.dataDir, { level: levels[level], words })
      return reply.page('operation/maintenance/log', {
        title: t.log,
        box: boxOver(t.words, words),
        levels: (['error', 'warn', 'all'] as const).map((value) => ({
          value,
          label: t.levels[value],
          isSelected: value === level,
        })),
        lines: lines.map(lineView),
      })
    },
  )
}

const lineView = (line: LogLine) => ({
  at: showSecond(new Date(line.time).toISOString()),
  ...levelView(line.level),
  text: eventText(line),
  number: line.number ?? '',
  stack: line.err?.stack ?? '',
})

const levelView = (level: number) => ({
  level: level >= 50 ? t.levelNames.error : level >= 40 ? t.levelNames.warn : t.levelNames.info,
  tone: level >= 50 ? 'red' : level >= 40 ? 'amber' : 'gray',
})

function caches(app: FastifyInstance) {
  const options = { config: { permission: 'system.update' } } as const
  const address = `${path}/caches`
  app.get(address, options, (_request, reply) => {
    const act = { action: address, submitLabel: t.clearCaches, cancelHref: path }
    const confirm = { title: t.clearCaches, text: t.cachesText, details: t.cachesDetails, ...act }
    return reply.page('shared/confirm', { title: t.clearCaches, confirm })
  })
  app.post(address, options, async (request, reply) => {
    await app.db.transaction(async (trx) => {
      await bumpRevision(trx)
      await recordEvent(trx, request.actor, { action: 'clear-caches' })
    })
    await request.flash(t.cachesCleared)
    return reply.redirect(path, 303)
  })
}
