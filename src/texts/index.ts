import { zh } from './zh/index.ts'

/** Every text on screen. A second language is a second catalogue of the same shape. */
export type Texts = typeof zh
export const text: Texts = zh

const strictViews = new WeakMap<object, unknown>()

/** The catalogue as templates see it: a name that does not exist is an error instead of an empty place on the page. */
export function strict<T extends object>(catalogue: T): T {
  let view = strictViews.get(catalogue)
  if (!view) {
    view = new Proxy(catalogue, {
      get(target, name) {
        if (!Object.hasOwn(target, name)) throw new Error(`No such text: ${String(name)}`)
        const value = target[name as keyof T]
        return typeof value === 'object' && value !== null ? strict(value) : value
      },
    })
    strictViews.set(catalogue, view)
  }
  return view as T
}
