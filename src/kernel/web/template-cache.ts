import type { Eta } from 'eta'

/** Eta copies what a template is given together with all that stands around it, and the symbol with it. */
const rendering = Symbol('rendering')
type Kept = { data: object; htmls: Map<string, string> }

/** Marks data of a template that will never change: it is rendered once, with nothing else around it, and copied from then on. */
export const keepRendering = <T extends object>(data: T): T => ({
  ...data,
  [rendering]: { data, htmls: new Map() } satisfies Kept,
})

/** Makes Eta keep such renderings, and resolve the name of a template once: a list includes fifty parts. */
export function keeping(eta: Eta): Eta {
  const render = eta.render.bind(eta)
  const resolvePath = (eta.resolvePath as NonNullable<typeof eta.resolvePath>).bind(eta)
  const paths = new Map<string, string>()
  eta.render = (template, data, meta) => {
    const kept = (data as { [rendering]?: Kept })[rendering]
    if (!kept || typeof template !== 'string') return render(template, data, meta)
    const html = kept.htmls.get(template) ?? render(template, kept.data, meta)
    kept.htmls.set(template, html)
    return html
  }
  eta.resolvePath = (template, options) => {
    const name = `${options?.filepath ?? ''}:${template}`
    const path = paths.get(name) ?? resolvePath(template, options)
    paths.set(name, path)
    return path
  }
  return eta
}
