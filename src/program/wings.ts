import type { Works } from '../kernel/jobs/background.ts'
import type { AsideWorks } from '../kernel/query-thread/query-thread.ts'
import type { Logo } from '../kernel/report/head.ts'
import { searchAddressFor } from '../kernel/search/sources.ts'
import type { Surroundings } from '../kernel/web/page.ts'
import type { SessionRules } from '../kernel/web/session.ts'
import { logoAddress, logoBytes } from '../office/company/pictures.ts'
import { helpAddress } from '../office/help/topics.ts'
import { accessAt } from '../people/devices/access.ts'
import { secondFactorDueAt } from '../people/second-factor/due.ts'
import { jobKinds } from './job-kinds.ts'
import { menuOf } from './menu.ts'
import { asideKinds } from './query-kinds.ts'

/** What the kernel has to know of the wings, none of which it imports; buildApp hands it in. */

export const sessionRules: SessionRules = {
  mayBeAt: async (db, revision, userId, address) => (await accessAt(db, revision)).get(userId)?.allows(address) ?? true,
  isSecondFactorDue: async (db, revision, userId) => (await secondFactorDueAt(db, revision)).has(userId),
}

export const surroundings: Surroundings = {
  menu: menuOf,
  helpHref: helpAddress,
  quick: (request) => ({
    searchAction: request.user ? searchAddressFor(request.viewer) : null,
    newHref: request.can('customers.create') ? '/customers/new' : null,
  }),
}

export const logo: Logo = { address: logoAddress, bytes: logoBytes }

export const works: Works = { kinds: jobKinds, thread: new URL('job-thread.ts', import.meta.url) }

export const asideWorks: AsideWorks = { kinds: asideKinds, thread: new URL('query-thread.ts', import.meta.url) }
