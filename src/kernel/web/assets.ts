import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const folder = new URL('../../../public/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder))
const packaged = (file: string) => readFileSync(createRequire(import.meta.url).resolve(file))

type Asset = { type: string; body: Buffer; brotli(): Promise<Buffer>; gzip(): Promise<Buffer>; url: string }

/** The files every page needs, compressed when first asked for and served under names that change with their content. */
export function assets(app: FastifyInstance) {
  const held = new Map(
    [
      pack(
        'kehu.css',
        'text/css; charset=utf-8',
        Buffer.concat(
          readdirSync(new URL('css/', folder))
            .sort()
            .map((file) => read(`css/${file}`)),
        ),
      ),
      pack('htmx.js', 'text/javascript; charset=utf-8', packaged('htmx.org/dist/htmx.min.js')),
      pack('app.js', 'text/javascript; charset=utf-8', read('app.js')),
      pack('list.js', 'text/javascript; charset=utf-8', read('list.js')),
      pack('icon.svg', 'image/svg+xml', read('icon.svg')),
    ].map((asset) => [asset.url, asset]),
  )
  app.decorate('asset', (name: string) => [...held.keys()].find((url) => url.endsWith(`-${name}`)) as string)
  app.get<{ Params: { file: string } }>(
    '/public/:file',
    { config: { permission: 'public' }, compress: false },
    async (request, reply) => {
      const asset = held.get(`/public/${request.params.file}`)
      if (!asset) return reply.callNotFound()
      reply
        .type(asset.type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding')
      const accepted = String(request.headers['accept-encoding'] ?? '')
      if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(await asset.brotli())
      if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(await asset.gzip())
      return reply.send(asset.body)
    },
  )
}

function pack(name: string, type: string, body: Buffer): Asset {
  const version = createHash('sha256').update(body).digest('hex').slice(0, 10)
  return {
    type,
    body,
    brotli: once(() => promisify(brotliCompress)(body)),
    gzip: once(() => promisify(gzip)(body, { level: 9 })),
    url: `/public/${version}-${name}`,
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The address of a file of the pages, with its version. */
    asset(name: string): string
  }
}
