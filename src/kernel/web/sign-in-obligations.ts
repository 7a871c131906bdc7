import type { FastifyRequest } from 'fastify'

/** What somebody who has signed in has to do before anything else opens. */
export type Due = 'password' | 'second-factor'

export const duePlaces: Record<Due, string> = {
  password: '/profile/password',
  'second-factor': '/profile/second-factor/new',
}

/** What keeps a person from the route that was asked for, if anything does. */
export function dueAt({ user, routeOptions }: FastifyRequest): Due | undefined {
  const { permission, isOpenWhenDue } = routeOptions.config
  const due = user?.is_password_due ? 'password' : user?.is_second_factor_due ? 'second-factor' : undefined
  return permission === 'public' || due === isOpenWhenDue ? undefined : due
}
