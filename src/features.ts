import type { FastifyInstance } from 'fastify'
import { sessionRoutes } from './sessions/index.ts'

/** The table of contents: every feature, once. */
export const features: ((app: FastifyInstance) => Promise<void>)[] = [sessionRoutes]
