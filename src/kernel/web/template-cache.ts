import type { Eta } from 'eta'

const renderings = new WeakMap<object, Map<string, string>>()

/** Marks data of a template that will never change: it is rendered once and copied from then on. */
export function keepRendering<T extends object>(data: T): T {
  renderings.set(data, new Map())
  return data
}

/** Makes Eta keep such renderings, and resolve the name of a template once: a list includes fifty parts. */
export function keeping(eta: Eta): Eta {
  const render = eta.render.bind(eta)
  const resolvePath = (eta.resolvePath as NonNullable<typeof eta.resolvePath>).bind(eta)
  const paths = new Map<string, string>()
  eta.render = (template, data, meta) => {
    const held = typeof template === 'string' ? renderings.get(data) : undefined
    if (!held) return render(template, data, meta)
    const html = held.get(template as string) ?? render(template, data, meta)
    held.set(template as string, html)
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
