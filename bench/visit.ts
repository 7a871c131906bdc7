import { parse } from 'node-html-parser'
import { type Answer, connect, type Send } from './client.ts'
import type { Figure } from './report.ts'
import type { Server } from './server.ts'
import { expect } from './timing.ts'

const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' }
const weight = ({ body, headerBytes }: Answer) => body.length + headerBytes

/** The bytes of a first visit (sign-in page and list with an empty cache) and of a later list, headers included. */
export async function visitFigures(server: Server, send: Send): Promise<Figure[]> {
  const login = expect(await connect(server.origin)('/login', { headers }), 200, '/login')
  const list = expect(await send('/customers', { headers }), 200, '/customers')
  const plain = [await connect(server.origin)('/login'), await send('/customers')]
  const paths = new Set(plain.flatMap(({ body }) => assetPaths(body.toString())))
  const assets = await Promise.all([...paths].map(async (path) => ({ path, answer: await send(path, { headers }) })))
  const scripts = assets.filter(({ path }) => path.endsWith('.js'))
  const sum = (answers: Answer[]) => answers.reduce((total, answer) => total + weight(answer), 0) / 1024
  return [
    {
      name: 'first visit, over the wire',
      value: sum([login, list, ...assets.map(({ answer }) => answer)]),
      unit: 'KB',
      most: 60,
    },
    { name: 'first visit, requests', value: 2 + assets.length, unit: '', most: 8, note: 'and the sign-in itself' },
    { name: 'first visit, script', value: sum(scripts.map(({ answer }) => answer)), unit: 'KB', most: 26 },
    { name: 'a later list page, over the wire', value: sum([list]), unit: 'KB', most: 15 },
  ]
}

const assetPaths = (html: string) =>
  parse(html)
    .querySelectorAll('link[href], script[src], img[src]')
    .map((tag) => tag.getAttribute('href') ?? tag.getAttribute('src') ?? '')
