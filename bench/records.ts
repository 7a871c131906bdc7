import { randomUUID } from 'node:crypto'
import { parse } from 'node-html-parser'
import type { Send } from './client.ts'
import type { Figure } from './report.ts'
import { at, expect, requested, timed } from './timing.ts'

const effort = { seconds: 2, atMost: 200 }

/** The card, a changed customer and a new one. */
export async function recordFigures(send: Send, count: number, suffix: string): Promise<Figure[]> {
  const some = () => 1 + Math.floor(Math.random() * count)
  const card = await timed(async () => void expect(await send(`/customers/${some()}`), 200, 'card'), effort)
  const one = await requested(send, `/customers/${Math.floor(count / 2)}`, effort)
  const changed = await saved(
    send,
    () => `/customers/${some()}/edit`,
    (fields, index) => ({ ...fields, points: String(index) }),
  )
  const added = await saved(
    send,
    () => '/customers/new',
    (fields) => ({ ...fields, name: `new customer ${randomUUID()}` }),
  )
  return [
    { name: `card of any customer, p50${suffix}`, value: at(card, 0.5), unit: 'ms', most: 5 },
    { name: `card of any customer, p99${suffix}`, value: at(card, 0.99), unit: 'ms' },
    { name: `the same card again, p50${suffix}`, value: at(one, 0.5), unit: 'ms' },
    { name: `the first save after the start${suffix}`, value: changed.first, unit: 'ms' },
    { name: `save a change, p50${suffix}`, value: at(changed.times, 0.5), unit: 'ms', most: 8 },
    { name: `save a change, p99${suffix}`, value: at(changed.times, 0.99), unit: 'ms', most: 100 },
    { name: `save a new customer, p50${suffix}`, value: at(added.times, 0.5), unit: 'ms', most: 8 },
    { name: `save a new customer, p99${suffix}`, value: at(added.times, 0.99), unit: 'ms', most: 100 },
  ]
}

type Fields = Record<string, string>

/** The same many times, and how long the first took: its pages of the file and its code are read and compiled anew. */
async function saved(send: Send, formPath: () => string, fill: (fields: Fields, index: number) => Fields) {
  const times: number[] = []
  for (let index = 0; index <= 200; index++) {
    times.push(await save(send, formPath(), (fields) => fill(fields, index)))
  }
  const [first = 0, ...others] = times
  return { first, times: others.sort((a, b) => a - b) }
}

/** Opens a form, fills it in and sends it; answers how long the sending took. */
export async function save(send: Send, path: string, fill: (fields: Fields) => Fields): Promise<number> {
  const page = expect(await send(path), 200, 'form')
  const { action, fields } = readForm(page.body.toString())
  const start = performance.now()
  expect(await send(action, { form: fill(fields) }), 303, action)
  return performance.now() - start
}

/** A form of a page as a browser would send it. */
export function readForm(html: string, selector = 'form#customer') {
  const form = parse(html).querySelector(selector)
  const fields: Fields = {}
  for (const field of form?.querySelectorAll('[name]') ?? []) {
    if (field.getAttribute('type') === 'radio' && !field.hasAttribute('checked')) continue
    const isText = field.tagName === 'TEXTAREA'
    const chosen = field.tagName === 'SELECT' ? field.querySelector('option[selected]') : field
    if (field.tagName !== 'BUTTON' && field.getAttribute('type') !== 'checkbox')
      fields[field.getAttribute('name') as string] = isText ? field.text.trim() : (chosen?.getAttribute('value') ?? '')
  }
  return { action: form?.getAttribute('action') as string, fields }
}
