import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { text } from '../../src/texts/index.ts'

const root = new URL('../../', import.meta.url)
const files = (folder: string, ending: string) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name: `${folder}${name}`, content: readFileSync(new URL(`${folder}${name}`, root), 'utf8') }))

const source = files('src/', '.ts')
const scripts = [...source, ...files('migrations/', '.ts')]
const han = /\p{Script=Han}|[\u3000-\u303f\uff01-\uff5e]/u

/** Comments may name Chinese terms, and code may hold single signs that it looks for in what people type. */
const withoutComments = (content: string) => content.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** The signs that fields accept in days and amounts. */
const readsChinese = ['src/kernel/web/fields.ts']

const offenders = (list: { name: string; content: string }[], wrong: RegExp) =>
  list.flatMap(({ name, content }) =>
    withoutComments(content)
      .split('\n')
      .filter((line) => wrong.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  )

t.test('texts on screen stand in the catalogue only', async (t) => {
  const elsewhere = source.filter(
    ({ name }) =>
      !name.startsWith('src/texts/zh/') && !name.startsWith('src/kernel/china/') && !readsChinese.includes(name),
  )
  t.ok(elsewhere.length > 50)
  t.strictSame(offenders(elsewhere, han), [])
  t.strictSame(offenders(files('views/', '.eta'), han), [])
  t.strictSame(offenders(files('public/', '.js'), han), [])
})

t.test('one thing has one name', async (t) => {
  const others = /口令|二次验证|双重验证|注销|登出/
  t.strictSame(offenders(files('src/texts/zh/', '.ts'), others), [], '密码, 两步验证, 退出')
})

t.test('what the program writes into its log has words for who reads it there', async (t) => {
  const events = scripts.flatMap(({ content }) =>
    [...content.matchAll(/log\.(?:error|warn)\(\{[^}]*\}, '([^']+)'/g)].map(([, event]) => event as string),
  )
  t.ok(events.length > 10)
  t.strictSame(
    events.filter((event) => !(event in text.system.events)),
    [],
  )
})

t.test('SQL is written in src/kernel/db only', async (t) => {
  const outside = scripts.filter(({ name }) => !name.startsWith('src/kernel/db/'))
  t.strictSame(offenders(outside, /\braw\(|Raw\(|\bwhereI?Like\(|\bonConflict\(|fn\.now\(/), [])
})

t.test('the environment comes in where the program begins, and nothing deletes by itself', async (t) => {
  const entries = [
    'src/server.ts',
    'src/program/archive-command.ts',
    'src/program/restore-command.ts',
    'src/kernel/db/migrate-command.ts',
    'src/people/users/restore-command.ts',
  ]
  const inside = source.filter(({ name }) => !entries.includes(name))
  t.strictSame(offenders(inside, /process\.env/), [])
  t.strictSame(offenders(scripts, /onDelete\(|onUpdate\(|CASCADE/), [])
})

t.test('files are small', async (t) => {
  const long = source.filter(({ content }) => content.split('\n').length > 201)
  t.strictSame(
    long.map(({ name }) => name),
    [],
  )
})
