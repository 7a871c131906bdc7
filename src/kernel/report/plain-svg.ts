import type { SvgNode } from './svg.ts'

const UNWANTED = /^(style|class|xmlns:xlink|version|baseProfile|pointer-events|on\w+|ecmeta_.*)$/

/**
 * The same drawing without <style>, style attributes, scripts and event attributes, so that it may stand in a page
 * whose Content-Security-Policy is `style-src 'self'`: declarations become presentation attributes.
 */
export function plainSvg(node: SvgNode): SvgNode {
  const kept = node.children.filter((child) => typeof child === 'string' || !(isUnwanted(child) || isInvisible(child)))
  return {
    name: node.name,
    attributes: { ...plainAttributes(node.attributes), ...declarations(node.attributes.style) },
    children: kept.map((child) => (typeof child === 'string' ? child : plainSvg(child))),
  }
}

const isUnwanted = ({ name }: SvgNode) => ['style', 'script', 'foreignObject'].includes(name)

/** The frames ECharts lays behind texts to catch the pointer: nothing to see and nothing inside. */
function isInvisible({ attributes: { fill, stroke, ...rest }, children }: SvgNode): boolean {
  const isFilled = fill !== 'none' && rest['fill-opacity'] !== '0'
  return children.length === 0 && !isFilled && (!stroke || rest['stroke-width'] === '0')
}

const plainAttributes = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !UNWANTED.test(name)))

function declarations(style = ''): Record<string, string> {
  const pairs = style.split(';').map((declaration) => declaration.split(/:(.*)/s).map((part) => part.trim()))
  return Object.fromEntries(
    pairs.filter(([name = '', value]) => /^[a-z-]+$/.test(name) && value).map(([n, v]) => [n, v]),
  )
}
