import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'

const root = new URL('../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

for (const file of ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md'].filter((name) =>
  existsSync(new URL(name, root)),
)) {
  t.test(`${file} promises only what there is`, async (t) => {
    const content = read(file)
    for (const [, name] of content.matchAll(/\bnpm run ([\w:-]+)/g)) t.ok(scripts[name as string], `npm run ${name}`)
    for (const [, name] of content.matchAll(/\bnpm (start|test)\b/g)) t.ok(scripts[name as string], `npm ${name}`)
    for (const [, path] of content.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      t.ok(existsSync(new URL(path as string, root)), `link to ${path}`)
    for (const [, path] of content.matchAll(/`((?:src|test|views|migrations|seeds|bench|public|\.ci)\/[\w./-]*)`/g))
      t.ok(existsSync(new URL(path as string, root)), `file ${path}`)
  })
}

t.test('the README is one screen and names the four commands', async (t) => {
  const content = read('README.md')
  for (const command of ['npm ci && npm start', 'npm ci && npm test', 'npm run demo', 'npm run bench'])
    t.ok(content.includes(command), command)
  t.ok(content.split('\n').length <= 80, 'one screen')
})

t.test('a module is added in at most twelve lines', async (t) => {
  const [, steps = ''] = read('CONTRIBUTING.md').split('## Add a module\n')
  const lines = (steps.split('\n## ')[0] as string).split('\n').filter(Boolean)
  t.ok(lines.length > 0 && lines.length <= 12, `${lines.length}`)
})

t.test('scripts run files that exist', async (t) => {
  for (const [name, command] of Object.entries(scripts))
    for (const [path] of command.matchAll(/\b(?:src|bench|seeds|test)\/[\w/-]+\.ts/g))
      t.ok(existsSync(new URL(path, root)), `${name}: ${path}`)
})
