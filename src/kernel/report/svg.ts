export type SvgNode = { name: string; attributes: Record<string, string>; children: (SvgNode | string)[] }

const TOKEN = /<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g
const MARKS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NUMBERED = /^#(x?)([\da-f]+)$/i

function decode(text: string): string {
  return text.replace(/&([#\w]+);/g, (entity, name: string) => {
    const [, hex, digits] = NUMBERED.exec(name) ?? []
    return digits ? String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)) : (MARKS[name] ?? entity)
  })
}

const encode = (text: string) =>
  text.replace(/[&<>"']/g, (mark) => `&${Object.keys(MARKS).find((name) => MARKS[name] === mark)};`)

/** Reads the SVG that a chart library or this module wrote. Throws on anything that is not well-formed. */
export function parseSvg(source: string): SvgNode {
  const top: SvgNode = { name: '', attributes: {}, children: [] }
  const open = [top]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(source)
    if (!token) throw new Error(`Not well-formed SVG at character ${at}`)
    takeToken(open, token)
  }
  const [root] = top.children
  if (open.length > 1 || top.children.length !== 1 || !root || typeof root === 'string')
    throw new Error('Not one SVG element')
  return root
}

function takeToken(open: SvgNode[], [, isEnd, name, attributes = '', isEmpty, text]: RegExpExecArray): void {
  const inside = open.at(-1) as SvgNode
  if (isEnd) {
    if (inside.name !== name) throw new Error(`</${name}> closes <${inside.name}>`)
    open.pop()
  } else if (name) {
    const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, key, value = '']) => [key, decode(value)])
    const node: SvgNode = { name, attributes: Object.fromEntries(pairs), children: [] }
    inside.children.push(node)
    if (!isEmpty) open.push(node)
  } else if (text?.trim()) {
    inside.children.push(decode(text))
  }
}

/** Writes the tree as text that is both valid XML and valid inside HTML. */
export function writeSvg(node: SvgNode | string): string {
  if (typeof node === 'string') return encode(node)
  const attributes = Object.entries(node.attributes).map(([key, value]) => ` ${key}="${encode(value)}"`)
  return `<${node.name}${attributes.join('')}>${node.children.map(writeSvg).join('')}</${node.name}>`
}

/** Every text inside a node, joined. */
export const textOf = (node: SvgNode | string): string =>
  typeof node === 'string' ? node : node.children.map(textOf).join('')
