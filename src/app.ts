import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Knex } from 'knex'
import type { Config } from './config.ts'
import { features } from './features.ts'
import { backgroundJobs, type Workplace } from './jobs/background.ts'
import { keptForms } from './sessions/kept-form.ts'
import { access } from './web/access.ts'
import { assets } from './web/assets.ts'
import { bodies } from './web/bodies.ts'
import { errors, readableUrl, requestNumber } from './web/errors.ts'
import { listRegistry } from './web/list-registry.ts'
import { pages } from './web/page.ts'
import { sameOrigin } from './web/same-origin.ts'
import { sessions } from './web/session.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Knex
    config: Config
  }
}

const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
}

/** The program on an open database whose schema is ready: kernel first, then the features. */
export async function buildApp(
  config: Config,
  db: Knex,
  { workplace = 'none', ...options }: FastifyServerOptions & { workplace?: Workplace } = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    ...options,
    trustProxy: config.trustProxy,
    bodyLimit: 1024 * 1024,
    genReqId: requestNumber,
    rewriteUrl: readableUrl,
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    ajv: { customOptions: { allErrors: true } },
  })
  app.decorate('db', db)
  app.decorate('config', config)
  await app.register(helmet, {
    contentSecurityPolicy,
    hsts: config.publicUrl?.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'same-origin' },
  })
  await app.register(cookie)
  await app.register(formbody)
  await app.register(compress, { threshold: 1024, encodings: ['gzip', 'identity'], zlibOptions: { level: 5 } })
  await app.register(rateLimit, { global: false })
  sameOrigin(app, config.publicUrl)
  sessions(app)
  access(app)
  keptForms(app)
  bodies(app)
  errors(app)
  pages(app)
  assets(app)
  listRegistry(app)
  backgroundJobs(app, workplace)
  for (const feature of features) await app.register(feature)
  return app
}
