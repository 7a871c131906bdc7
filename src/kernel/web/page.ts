import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { strict, text } from '../../texts/index.ts'
import { barJob } from '../jobs/bar.ts'
import { settingsAt } from '../settings/settings.ts'
import { draftFor, type Form, formAddress } from './form-drafts.ts'
import { optionsAt } from './person-options.ts'
import { takeMessages } from './session.ts'
import { keeping, keepRendering } from './template-cache.ts'

type Data = Record<string, unknown>

declare module 'fastify' {
  interface FastifyInstance {
    /** The side bar of who asks: only what may be used. */
    menuOf: Surroundings['menu']
  }
  interface FastifyReply {
    /** Answers with a page, or with the part of it that htmx asked for (house §3). */
    page(view: string, data?: Data, options?: { fragments?: Record<string, string> }): Promise<FastifyReply>
  }
}

/** `sign` is one of views/shared/_icon.eta. */
export type MenuGroup = { label: string; sign: string; entries: { label: string; href: string; isCurrent: boolean }[] }

/** What stands around every page and only the wings know. */
export type Surroundings = {
  /** The side bar of who asks; the same array as long as nothing in it changes. */
  menu(request: FastifyRequest): MenuGroup[]
  /** Where F1 leads from a route. */
  helpHref(method: string, route: string | undefined): string
  /** What the top bar searches and adds; null for who may not. */
  quick(request: FastifyRequest): { searchAction: string | null; newHref: string | null }
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const unsafe = /[&<>"']/

/** Escapes what a template prints; nothing instead of the words `null` and `undefined`. */
export function escapeHtml(value: unknown) {
  if (value === null || value === undefined) return ''
  const plain = String(value)
  return unsafe.test(plain) ? plain.replace(/[&<>"']/g, (sign) => signs[sign] as string) : plain
}

const views = new URL('../../../views', import.meta.url).pathname

export function pages(app: FastifyInstance, around: Surroundings) {
  const eta = keeping(new Eta({ views, cache: true, escapeFunction: escapeHtml, autoTrim: ['nl', false] }))
  app.register(view, { engine: { eta }, root: views, viewExt: 'eta', production: true })
  app.decorate('menuOf', around.menu)
  app.decorateReply(
    'page',
    async function (this: FastifyReply, name: string, data: Data = {}, { fragments = {} } = {}) {
      const { request } = this
      const type = request.headers['hx-request-type']
      const target = String(request.headers['hx-target'] ?? '')
      this.type('text/html; charset=utf-8')
        .header('vary', 'HX-Request-Type, HX-Target')
        .header('cache-control', 'no-store')
      const it = await frame(app, around, request, data)
      if (type === 'partial') {
        const fragment = Object.hasOwn(fragments, target) ? fragments[target] : undefined
        if (fragment) return this.send(await app.view(fragment, it))
        this.header('hx-retarget', 'body').header('hx-reswap', 'innerHTML')
        if (request.method === 'GET') this.header('hx-push-url', request.url)
      }
      // As text it would be encoded twice: once to know its length, once to be sent.
      return this.send(Buffer.from(await app.view(name, it)))
    },
  )
}

/** The box on top where it asks what stands on the page: it belongs to the form `filters` there. */
export const boxOver = (placeholder: string, value: string) => ({ form: 'filters', placeholder, value })

const noMenu: MenuGroup[] = []
const sides = new WeakMap<MenuGroup[], object>()

/** The side bar as views/shared/_menu.eta wants it, written once as long as it stays the same. */
function sideOf(menu: MenuGroup[]): object {
  const side = sides.get(menu) ?? keepRendering({ menu, text: strict(text) })
  sides.set(menu, side)
  return side
}

const barJobOf = async ({ db }: FastifyInstance, { user, activeJobCount }: FastifyRequest) =>
  user && activeJobCount > 0 ? barJob(db, user.id, activeJobCount) : null

/**
 * Whether messages are seen where the answer goes: a part of a page has no place for them, and a hint that comes late
 * would take those of the page that follows.
 */
const showsMessages = ({ headers }: FastifyRequest) =>
  headers['hx-target'] === undefined || ['body', 'main#main'].includes(String(headers['hx-target']))

/** What every template may use beside its own data. */
async function frame(app: FastifyInstance, around: Surroundings, request: FastifyRequest, data: Data) {
  const settings = await settingsAt(app.db, request.revision)
  const options = request.user && (await optionsAt(app.db, request.revision)).get(request.user.id)
  return {
    user: request.user,
    can: (permission: never) => request.can(permission),
    text: strict(text),
    asset: app.asset,
    side: sideOf(request.user ? around.menu(request) : noMenu),
    flash: request.user && showsMessages(request) ? await takeMessages(app.db, request) : [],
    company: settings.companyName,
    logoHref: await app.logo.address(app.db, request.revision),
    quick: {
      ...around.quick(request),
      ownNewHref: app.ownCreation(request),
    },
    isCompact: options?.density === 'compact',
    isEnterSaving: options?.enter_key === 'save',
    barJob: await barJobOf(app, request),
    q: '',
    box: null,
    path: request.url,
    formAt: formAddress(request),
    isSentBack: request.method === 'POST',
    draft: data.form && (await draftFor(app.db, request, data.form as Form)),
    helpHref: around.helpHref(request.method, request.routeOptions.url),
    now: new Date(),
    ...data,
  }
}
