import type { FastifyRequest } from 'fastify'
import { dayPath } from '../customers/follow-ups/path.ts'
import { declaredModules, wordsOf } from '../kernel/modules/catalogue.ts'
import { has, rightOf } from '../kernel/modules/module.ts'
import type { Permission } from '../kernel/permissions.ts'
import type { MenuGroup } from '../kernel/web/page.ts'
import type { Viewer } from '../kernel/web/viewer.ts'
import { deskPath } from '../office/workbench/path.ts'
import { text } from '../texts/index.ts'

/** `orPermissions`: rights each of which is enough too. */
type Entry = { label: string; href: string; permission: Permission | 'signed-in'; orPermissions?: Permission[] }

/** The rights to import what is declared. */
const importing = (): Permission[] =>
  declaredModules().flatMap((module) => (has(module, 'import') ? [rightOf(module, 'import')] : []))

/** The entries of declared modules in a part of the bar. */
const declaredIn = (part: string): Entry[] =>
  declaredModules()
    .filter(({ group }) => group === part)
    .map((module) => ({ label: wordsOf(module).title, href: module.path, permission: rightOf(module, 'view') }))

const groups = (): { label: string; sign: string; entries: Entry[] }[] => [
  {
    label: text.menu.own,
    sign: 'own',
    entries: [{ label: text.desk.title, href: deskPath, permission: 'signed-in' }, ...declaredIn('own')],
  },
  {
    label: text.menu.customers,
    sign: 'customers',
    entries: [
      ...declaredIn('customers'),
      { label: text.followUps.day.title, href: dayPath, permission: 'follow_ups.view' },
      { label: text.modules.mail, href: '/mail', permission: 'mail.view' },
      { label: text.menu.imports, href: '/imports', permission: 'customers.import', orPermissions: importing() },
      { label: text.modules.duplicates, href: '/duplicates', permission: 'duplicates.view' },
      { label: text.modules.recycle_bin, href: '/recycle-bin', permission: 'recycle_bin.view' },
    ],
  },
  { label: text.menu.sales, sign: 'sales', entries: declaredIn('sales') },
  {
    label: text.menu.analysis,
    sign: 'analysis',
    entries: [
      { label: text.menu.customerLevels, href: '/analysis/customer-levels', permission: 'analysis.view' },
      { label: text.menu.customerSources, href: '/analysis/customer-sources', permission: 'analysis.view' },
      { label: text.menu.customerGrowth, href: '/analysis/customer-growth', permission: 'analysis.view' },
      ...declaredIn('analysis'),
    ],
  },
  {
    label: text.menu.settings,
    sign: 'settings',
    entries: [
      { label: text.modules.company, href: '/company', permission: 'company.view' },
      ...declaredIn('settings'),
      { label: text.modules.sessions, href: '/sessions', permission: 'sessions.view' },
      { label: text.modules.devices, href: '/devices', permission: 'devices.view' },
      { label: text.modules.settings, href: '/settings', permission: 'settings.view' },
      { label: text.setup.title, href: '/setup', permission: 'settings.update' },
      { label: text.menu.mailAccount, href: '/settings/mail', permission: 'settings.view' },
    ],
  },
  {
    label: text.menu.maintenance,
    sign: 'maintenance',
    entries: [
      { label: text.modules.backups, href: '/maintenance/backups', permission: 'backups.view' },
      { label: text.modules.cleanup, href: '/maintenance/cleanup', permission: 'cleanup.view' },
      { label: text.modules.archive, href: '/maintenance/archive', permission: 'archive.view' },
      { label: text.modules.system, href: '/system', permission: 'system.view' },
      { label: text.modules.audit_log, href: '/audit-log', permission: 'audit_log.view' },
      ...declaredIn('maintenance'),
    ],
  },
  {
    label: text.tools.menu,
    sign: 'tools',
    entries: [
      { label: text.tools.calculator, href: '/tools/calculator', permission: 'signed-in' },
      { label: text.tools.calendar, href: '/tools/calendar', permission: 'signed-in' },
      { label: text.tools.notes.pad, href: '/tools/notes', permission: 'signed-in' },
      { label: text.madeFiles.title, href: '/tools/files', permission: 'signed-in' },
      { label: text.modules.jobs, href: '/jobs', permission: 'signed-in' },
      ...declaredIn('tools'),
    ],
  },
]

type Held = { hrefs: string[]; menus: Map<string | undefined, MenuGroup[]> }
const held = new WeakMap<Viewer, Held>()

/** The side bar of one person: only what may be used, and no empty group. Made anew with the rights. */
export function menuOf(request: FastifyRequest): MenuGroup[] {
  const path = request.url.split('?')[0] as string
  const { hrefs, menus } = held.get(request.viewer) ?? whole(request)
  held.set(request.viewer, { hrefs, menus })
  const holding = hrefs.filter((href) => path === href || path.startsWith(`${href}/`))
  const current = holding.sort((a, b) => b.length - a.length)[0]
  const menu = menus.get(current) ?? menuAt(request, current)
  menus.set(current, menu)
  return menu
}

function whole(request: FastifyRequest): Held {
  const menu = menuAt(request, undefined)
  const hrefs = menu.flatMap(({ entries }) => entries.map(({ href }) => href))
  return { hrefs, menus: new Map([[undefined, menu]]) }
}

function menuAt(request: FastifyRequest, current: string | undefined): MenuGroup[] {
  return groups()
    .map(({ entries, ...group }) => ({
      ...group,
      entries: entries
        .filter(
          ({ permission, orPermissions = [] }) =>
            permission === 'signed-in' || [permission, ...orPermissions].some((one) => request.can(one)),
        )
        .map(({ label, href }) => ({ label, href, isCurrent: href === current })),
    }))
    .filter(({ entries }) => entries.length > 0)
}
