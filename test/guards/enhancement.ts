import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { HTMLElement } from 'node-html-parser'
import t from 'tap'
import { type Answer, buildTestApp } from '../fixtures/app.ts'
import { enhancementFaults, formFaults, markupFaults } from '../fixtures/page-rules.ts'
import { collectRoutes } from '../fixtures/routes.ts'
import { addressOf, fillWorld } from '../fixtures/world.ts'

const views = new URL('../../views/', import.meta.url)
const routes = collectRoutes()
const { app, db, as, anyone } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const admin = await as('韩梅梅')
const me = await db('users').where({ username: '韩梅梅' }).first('id')
const mostPages = 250
const isPage = ({ headers, status }: Answer) =>
  status !== 303 && String(headers['content-type']).startsWith('text/html')

/** Every page there is, with the ones that say no. */
async function everyPage(): Promise<Map<string, Answer>> {
  const pages = new Map<string, Answer>()
  const keep = (name: string, answer: Answer) => isPage(answer) && pages.set(name, answer)
  for (const { method, url } of routes)
    if (method === 'GET') keep(url, await admin.get(await addressOf(db, url, me.id, app.config.dataDir)))
  keep('signed out', await anyone.get('/login'))
  keep('signed out, a form kept', await anyone.post('/customers', { name: '甲', notes: '<b>' }))
  keep('refused', await (await as('王芳')).get('/customers'))
  keep('missing', await admin.get('/customers/2147483647'))
  keep('nothing found', await admin.get('/customers?q=没有这样的客户'))
  for (const { method, url } of routes)
    if (method === 'POST' && /^\/(customers|users|dictionaries)/.test(url))
      keep(
        `POST ${url}`,
        await admin.post(await addressOf(db, url, me.id, app.config.dataDir), {
          name: '',
          label: '',
          form_id: 'form-0000',
        }),
      )
  keep('conflict', await conflict())
  return pages
}

async function conflict(): Promise<Answer> {
  const url = await addressOf(db, '/customers/:id')
  const stored = formOf((await admin.get(`${url}/edit`)).page)
  await admin.post(url, { ...stored, short_name: '甲' })
  return admin.post(url, { ...stored, short_name: '乙' })
}

/** What a browser would send for the main form:not(.undo) of a page. */
function formOf(page: HTMLElement): Record<string, string> {
  const values: Record<string, string> = {}
  for (const field of page.querySelectorAll('main form:not(.undo)[method=post] [name]')) {
    const chosen = field.querySelector('option[selected]') ?? field.querySelector('option')
    values[field.getAttribute('name') as string] =
      field.tagName === 'SELECT'
        ? (chosen?.getAttribute('value') ?? '')
        : (field.getAttribute('value') ?? field.text.trim())
  }
  return values
}

const pages = await everyPage()

t.test('htmx only makes quicker what a link or a form does by itself', async (t) => {
  t.ok(pages.size > 40, `${pages.size} pages`)
  t.ok(pages.has('conflict'))
  for (const [name, { page }] of pages) {
    t.strictSame(page.querySelectorAll('*').flatMap(enhancementFaults), [], name)
    t.strictSame(page.querySelectorAll('form').flatMap(formFaults), [], name)
  }
})

t.test('no page has a style or a script inside, an id twice, or a label for nothing', async (t) => {
  for (const [name, { page }] of pages) t.strictSame(markupFaults(page), [], name)
})

t.test('without htmx every link leads somewhere, also from the pages it leads to', async (t) => {
  const waiting = ['/customers']
  const seen = new Set(waiting)
  let links = 0
  for (let url = waiting.shift(); url && seen.size < mostPages; url = waiting.shift()) {
    const answer = await admin.get(url)
    t.ok(answer.status < 400, `${url} answers ${answer.status}`)
    if (!isPage(answer)) continue
    for (const href of addresses(answer.page, url)) {
      links++
      const key = shapeOf(href)
      if (!seen.has(key) && seen.add(key)) waiting.push(href)
    }
  }
  t.ok(seen.size > 30)
  t.comment(`${pages.size} pages, ${links} links, ${seen.size} kinds of address`)
})

/** Where the links of a page lead, and its GET forms as they stand. */
function addresses(page: HTMLElement, from: string): string[] {
  const root = page.querySelector('html') as HTMLElement
  for (const element of root.querySelectorAll('*'))
    for (const name of Object.keys(element.attributes)) if (name.startsWith('hx-')) element.removeAttribute(name)
  const hrefs = root.querySelectorAll('a').map((link) => link.getAttribute('href') ?? `a link without href on ${from}`)
  const forms = root.querySelectorAll('form[method=get]').map((form) => form.getAttribute('action') as string)
  return [...hrefs, ...forms]
    .filter((href) => !/^(https?|mailto|tel):/.test(href))
    .map((href) => {
      const { pathname, search } = new URL(href.replaceAll('&amp;', '&'), `http://kehu${from}`)
      return pathname + search
    })
}

/** Addresses that differ in numbers only are of one kind; one of each is enough. */
const shapeOf = (href: string) => href.replace(/\d+/g, '0').replace(/=[^&]*/g, '=')

t.test('the key n leads to a page that adds something, from every page of one who may', async (t) => {
  const reached = new Set<string>()
  for (const [name, { page }] of pages) {
    if (name === 'refused' || !page.querySelector('header.bar')) continue
    const href = (page.querySelector('main [data-key=n]') ?? page.querySelector('[data-key=n]'))?.getAttribute('href')
    t.match(href, /^\/[\w/-]+\/new(\?|$)|^\/tools\/notes$/, name)
    if (href) reached.add(shapeOf(href))
  }
  for (const href of ['/customers/new', '/users/new', '/tags/new', '/imports/new', '/departments/new', '/roles/new'])
    t.ok(reached.has(href), href)
  const card = pages.get('/customers/:id/contacts')?.page
  t.match(card?.querySelector('main [data-key=n]')?.getAttribute('href'), /\/contacts\/new$/, 'a tab its own')
  t.notOk(pages.get('/customers/:id')?.page.querySelector('main [data-key=n]'), 'to change is not to add')
  const broken: string[] = []
  for (const href of reached) {
    const url = href.replace('/0/', `/${(await db('customers').whereNull('deleted_at').first('id')).id}/`)
    const { status } = await admin.get(url)
    if (![200, 303].includes(status)) broken.push(`${url} answers ${status}`)
  }
  t.strictSame(broken, [])
})

t.test('templates print unescaped only what is a template itself', async (t) => {
  for (const file of readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eta')))
    for (const [tag] of readFileSync(new URL(file, views), 'utf8').matchAll(/<%[-_]?\s*~[^%]*/g))
      t.match(tag, /^<%~ (include\('|it\.body |it\.blocks\.\w+ )/, `${file}: ${tag}`)
})

t.test('no spelling of htmx 2 is left', async (t) => {
  const script = createRequire(import.meta.url).resolve('htmx.org/dist/scripts/upgrade-check.js')
  const { status, stdout } = spawnSync(process.execPath, [script, '--ext', '.eta', views.pathname], {
    encoding: 'utf8',
  })
  t.equal(status, 0, stdout)
})
