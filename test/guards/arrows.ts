import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = new URL('../../src/', import.meta.url)
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const imported = /^(?:import|export) (?:([^;'"]*?) from )?'(\.[^']+)'/gm
const said = new Map(files.map((file) => [file, readFileSync(new URL(file, root), 'utf8')]))

/** Whether what stands between import and from is gone when the types are. */
const isTypes = (clause = '') =>
  clause.startsWith('type ') ||
  (/^\{[^}]+\}$/.test(clause) &&
    clause
      .slice(1, -1)
      .split(',')
      .every((name) => /^\s*(type |$)/.test(name)))

/** What a file of src imports of src. */
const importsOf = (file: string, isWanted: (clause: string | undefined) => boolean = () => true) =>
  [...(said.get(file) as string).matchAll(imported)]
    .filter(([, clause]) => isWanted(clause))
    .map(([, , path]) => join(dirname(file), path as string))
    .filter((path) => !path.startsWith('..'))

const imports = new Map(files.map((file) => [file, importsOf(file)]))
const arrows = [...imports].flatMap(([from, to]) => to.map((one) => [from, one] as const))
const shown = (found: (readonly [string, string])[]) => found.map(([from, to]) => `${from} → ${to}`).sort()

const floors = ['kernel', 'program', 'texts']
const isWing = (file: string) => file.includes('/') && !floors.includes(file.split('/')[0] as string)
const isTexts = (file: string) => file.startsWith('texts/')
const isProgram = (file: string) => file.startsWith('program/') || (!file.includes('/') && file !== 'config.ts')
/** A folder of a wing, or a file that stands in it alone. */
const roomOf = (file: string) => file.split('/').slice(0, 2).join('/')
/** The table of contents of a wing may name those of its rooms. */
const isContents = (file: string) => /^[^/]+\/index\.ts$/.test(file)
const routes = /^export (?:async function|function|const) \w+Routes\b/m

t.test('every import is read', async (t) => {
  for (const [file, text] of said) {
    const written = text.match(/(?:from|^import) '\.[^']+'/gm)?.length ?? 0
    t.equal([...text.matchAll(imported)].length, written, file)
  }
  t.same(shown(arrows.filter(([, to]) => !said.has(to))), [], 'and leads to a file')
})

t.test('the kernel imports no wing and nothing of the program, and the configuration only it', async (t) => {
  const isAllowed = (to: string) => to.startsWith('kernel/') || isTexts(to) || to === 'config.ts'
  t.same(shown(arrows.filter(([from, to]) => from.startsWith('kernel/') && !isAllowed(to))), [])
  t.same(
    imports.get('config.ts')?.filter((to) => !to.startsWith('kernel/') && !isTexts(to)),
    [],
  )
})

t.test('what stands on screen imports nothing, and the kernel has no word of its wings', async (t) => {
  t.same(shown(arrows.filter(([from, to]) => isTexts(from) && !isTexts(to))), [])
  const speaks = files.filter(
    (file) => file.startsWith('kernel/') && /customer|contact/i.test(said.get(file) as string),
  )
  t.same(speaks, [])
})

t.test('a wing imports nothing of the program', async (t) => {
  t.same(shown(arrows.filter(([from, to]) => isWing(from) && isProgram(to))), [])
})

t.test('a room imports no routes of another', async (t) => {
  const isForeign = (from: string, to: string) => isWing(from) && isWing(to) && roomOf(from) !== roomOf(to)
  const isRoutes = (to: string) => routes.test(said.get(to) as string)
  t.same(shown(arrows.filter(([from, to]) => isForeign(from, to) && isRoutes(to) && !isContents(from))), [])
})

/** The files that import each other round, each circle in the order of the alphabet. */
function circlesOf(arrows: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = (from: string) => {
    const seen = new Set<string>()
    const waiting = [...(arrows.get(from) ?? [])]
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (seen.has(one)) continue
      seen.add(one)
      waiting.push(...(arrows.get(one) ?? []))
    }
    return seen
  }
  const all = new Map([...arrows.keys()].map((file) => [file, reached(file)]))
  const round = [...all].filter(([file, seen]) => seen.has(file))
  const circle = (file: string, seen: Set<string>) => [...seen].filter((one) => all.get(one)?.has(file)).sort()
  return [...new Set(round.map(([file, seen]) => circle(file, seen).join()))].map((one) => one.split(','))
}

const named = (circles: string[][]) => circles.map((circle) => circle.join(' ')).sort()

t.test('no imports run in a circle at run time', async (t) => {
  const circles = circlesOf(new Map(files.map((file) => [file, importsOf(file, (clause) => !isTypes(clause))])))
  t.same(named(circles), [])
})

t.test('the types of two rooms do not need each other', async (t) => {
  const circles = circlesOf(new Map(files.map((file) => [file, importsOf(file)]))).filter(
    (circle) => new Set(circle.map(roomOf)).size > 1,
  )
  t.same(named(circles), [])
})
