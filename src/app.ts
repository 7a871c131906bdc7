import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Knex } from 'knex'
import type { Config } from './config.ts'
import { backgroundJobs, type Workplace } from './kernel/jobs/background.ts'
import { builtInModules } from './kernel/modules/catalogue.ts'
import { mountModule, mountOwnModules } from './kernel/modules/mount.ts'
import { asideWork } from './kernel/query-thread/query-thread.ts'
import { openSecrets, type Secrets } from './kernel/secrets.ts'
import { access } from './kernel/web/access.ts'
import { senderOf } from './kernel/web/addresses.ts'
import { assets } from './kernel/web/assets.ts'
import { bodies } from './kernel/web/bodies.ts'
import { callerAddress } from './kernel/web/caller-address.ts'
import { errors, readableUrl, requestNumber } from './kernel/web/errors.ts'
import { formDrafts } from './kernel/web/form-drafts.ts'
import { hosts } from './kernel/web/host.ts'
import { ownCreations } from './kernel/web/own-creation.ts'
import { pages } from './kernel/web/page.ts'
import { doors } from './kernel/web/request-gate.ts'
import { sameOrigin } from './kernel/web/same-origin.ts'
import { sessions } from './kernel/web/session.ts'
import { connectionOptions, slowConnections, strangersOfAddress } from './kernel/web/slow-connections.ts'
import './modules.ts'
import { healthRoute } from './operation/system/health.ts'
import { keptForms } from './people/sign-in/parked-form.ts'
import { features } from './program/features.ts'
import { asideWorks, logo, sessionRules, surroundings, works } from './program/wings.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Knex
    config: Config
    secrets: Secrets
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

type Options = FastifyServerOptions & { workplace?: Workplace; https?: { cert: Buffer; key: Buffer } }

/** The program on an open database whose schema is ready: kernel first, then the features. */
export async function buildApp(
  config: Config,
  db: Knex,
  { workplace = 'none', https, ...options }: Options = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options as FastifyServerOptions),
    ...connectionOptions(https),
    // One hop, not all: what stands further left in X-Forwarded-For the visitor may have written.
    trustProxy: config.trustProxy === true ? (_address, hop) => hop === 0 : config.trustProxy,
    bodyLimit: 1024 * 1024,
    genReqId: requestNumber,
    rewriteUrl: readableUrl,
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    ajv: { customOptions: { allErrors: true } },
  })
  app.decorate('db', db)
  app.decorate('config', config)
  app.decorate('secrets', openSecrets(config.secretKeyFile))
  await app.register(helmet, {
    contentSecurityPolicy,
    hsts: config.tls || config.publicUrl?.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'same-origin' },
  })
  await app.register(cookie)
  await app.register(formbody)
  await app.register(compress, { threshold: 1024, encodings: ['gzip', 'identity'], zlibOptions: { level: 5 } })
  callerAddress(app)
  await app.register(rateLimit, { global: false, keyGenerator: ({ address }) => senderOf(address) })
  hosts(app, config.publicUrl)
  doors(app)
  slowConnections(app)
  sameOrigin(app, config.publicUrl)
  sessions(app, sessionRules)
  strangersOfAddress(app, config)
  access(app)
  keptForms(app)
  bodies(app)
  errors(app)
  ownCreations(app)
  formDrafts(app)
  app.decorate('logo', logo)
  pages(app, surroundings)
  assets(app)
  backgroundJobs(app, workplace, works)
  asideWork(app, workplace, asideWorks)
  healthRoute(app)
  for (const feature of features) await app.register(feature)
  await app.register(mountOwnModules)
  for (const module of builtInModules()) await app.register((app) => mountModule(app, module))
  return app
}
