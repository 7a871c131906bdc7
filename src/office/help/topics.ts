import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { rightsNameOf } from '../../kernel/modules/module.ts'
import { text } from '../../texts/index.ts'

const { helpAnalysis, helpCustomers, helpOffice, helpPeople, helpRecords, helpSales, helpSettings } = text

/** The help of one screen: what it is for, how it is used, what people ask about it. */
export type Topic = { title: string; intro: string; steps: string[]; hints: string[] }
export const topics: Record<string, Topic> = {
  ...helpRecords,
  ...helpOffice,
  ...helpCustomers,
  ...helpSales,
  ...helpAnalysis,
  ...helpPeople,
  ...helpSettings,
}

export const topicGroups = [
  { title: text.help.records, codes: Object.keys(helpRecords) },
  { title: text.menu.own, codes: Object.keys(helpOffice) },
  { title: text.menu.customers, codes: Object.keys(helpCustomers) },
  { title: text.menu.sales, codes: Object.keys(helpSales) },
  { title: text.menu.analysis, codes: Object.keys(helpAnalysis) },
  { title: text.menu.settings, codes: Object.keys({ ...helpPeople, ...helpSettings }) },
]

/** Which help belongs to a route; the first that fits. */
const places: [RegExp, string][] = [
  [/^\/customers\/duplicates/, 'duplicates'],
  [/^\/(saved-reports|desk)/, 'desk'],
  [/^\/company/, 'company'],
  [/^\/setup/, 'setup'],
  [/^\/(settings|profile)\/mail/, 'mail-accounts'],
  [/^\/mail\/templates/, 'mail-templates'],
  [/^\/mail/, 'mail'],
  [/selections|batch-acts?/, 'selections'],
  [/\/contacts/, 'contacts'],
  [/^\/tools/, 'tools'],
  [/\/(files|pictures|business-cards|identity-pictures)/, 'files'],
  [/^\/customers\/:/, 'customer-card'],
  [/^\/customers/, 'customers'],
  [/^\/list-(views|preferences)/, 'list-views'],
  [/^\/search/, 'search'],
  [/^\/look-ups/, 'look-ups'],
  [/^\/imports/, 'imports'],
  [/^\/duplicates/, 'duplicates'],
  [/^\/recycle-bin/, 'recycle-bin'],
  [/^\/analysis/, 'analysis'],
  [/\/handover/, 'handovers'],
  [/^\/(roles|access-explanation)/, 'permissions'],
  [/^\/sessions/, 'sessions'],
  [/^\/devices/, 'devices'],
  [/^\/settings/, 'settings'],
  [/^\/audit-log/, 'audit-log'],
  [/^\/jobs/, 'jobs'],
  [/^\/maintenance\/(backups|restorations)/, 'backups'],
  [/^\/maintenance\/cleanup/, 'cleanup'],
  [/^\/maintenance\/archive/, 'archive'],
  [/^\/system/, 'system'],
  [/^\/profile/, 'profile'],
  [/^\/own\//, 'records'],
]

/** The topic of a route, by its pattern; undefined for what has no screen of its own. */
export function topicOf(method: string, route: string | undefined): string | undefined {
  if (!route) return undefined
  if (/^\/customers\/new$|\/edit$/.test(route) && route.startsWith('/customers') && !/contacts/.test(route))
    return 'customer-form'
  if (method === 'POST' && /^\/customers(\/:id)?$/.test(route)) return 'customer-form'
  return places.find(([place]) => place.test(route))?.[1] ?? declaredTopic(route)
}

/** The help of a declared module is called as the module is, or as its rights are. */
const declaredTopic = (route: string) =>
  declaredModules()
    .filter(({ path }) => route.startsWith(path))
    .flatMap((module) => [module.name, rightsNameOf(module)])
    .find((name) => name in topics)

/** Where F1 leads from a route. */
export function helpAddress(method: string, route: string | undefined): string {
  const topic = topicOf(method, route)
  return topic ? `/help/${topic}` : '/help'
}
