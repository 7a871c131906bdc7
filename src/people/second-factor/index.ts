import type { FastifyInstance } from 'fastify'
import { profileRoutes } from './profile-routes.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import { resetRoutes } from './reset-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'

/** The code of an authenticator app beside the password 「两步验证」. */
export async function secondFactorRoutes(app: FastifyInstance) {
  signInRoutes(app)
  profileRoutes(app)
  recoveryRoutes(app)
  resetRoutes(app)
}
