import { join, resolve } from 'node:path'
import type { Database } from './kernel/db/open.ts'
import { isAddress } from './kernel/web/addresses.ts'
import { text } from './texts/index.ts'

export type Config = Readonly<{
  host: string
  port: number
  dataDir: string
  database: Database
  initialPassword: string | null
  publicUrl: string | null
  /** Whether the nearest sender is a proxy, or the addresses of all that are. */
  trustProxy: boolean | string[]
  /** The files of the certificate and of its key. */
  tls: { cert: string; key: string } | null
  secretKeyFile: string
  logLevel: string
}>

/** What is wrong with the settings, one sentence for each. */
export class ConfigError extends Error {
  readonly sentences: string[]

  constructor(sentences: string[]) {
    super(sentences.join('\n'))
    this.sentences = sentences
  }
}

type Environment = Record<string, string | undefined>
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads and checks every setting of the environment; the only reader of it. Throws ConfigError with a sentence per wrong one. */
export function readConfig(environment: Environment, usualFolder = './data'): Config {
  const wrong: string[] = []
  const read = <T>(name: string, otherwise: T, parse: (value: string) => T | undefined): T => {
    const value = environment[name]?.trim()
    if (!value) return otherwise
    const parsed = parse(value)
    if (parsed === undefined) wrong.push(text.config[name as keyof typeof text.config])
    return parsed ?? otherwise
  }
  const dataDir = resolve(environment.DATA_DIR?.trim() || usualFolder)
  const path = (name: string) => read(name, null, (value) => resolve(value)) as string | null
  const [cert, key] = [path('TLS_CERT'), path('TLS_KEY')]
  if ((cert === null) !== (key === null)) wrong.push(text.config.TLS_CERT)
  const config: Config = Object.freeze({
    host: read('HOST', '127.0.0.1', (value) => (/^[\w.:-]+$/.test(value) ? value : undefined)),
    port: read('PORT', 3000, wholeNumber(0, 65535)),
    dataDir,
    database: read(
      'DATABASE_URL',
      { client: 'better-sqlite3', file: join(dataDir, 'kehu.db') } as Database,
      parseDatabaseUrl,
    ),
    initialPassword: read('INITIAL_PASSWORD', null, (value) => (value.length >= 8 ? value : undefined)) as
      | string
      | null,
    publicUrl: read('PUBLIC_URL', null, parseWebAddress) as string | null,
    trustProxy: read('TRUST_PROXY', false, parseProxies),
    tls: cert && key ? { cert, key } : null,
    secretKeyFile: path('SECRET_KEY_FILE') ?? join(dataDir, 'secret.key'),
    logLevel: read('LOG_LEVEL', 'info', (value) => (logLevels.includes(value) ? value : undefined)),
  })
  if (wrong.length > 0) throw new ConfigError(wrong)
  return config
}

const wholeNumber = (least: number, most: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined

/** Yes, no, or the addresses of the proxies themselves. */
function parseProxies(value: string): boolean | string[] | undefined {
  if (/^(true|false|1|0)$/.test(value)) return value === 'true' || value === '1'
  const proxies = value.split(/[\s,]+/).filter(Boolean)
  return proxies.length > 0 && proxies.every(isAddress) ? proxies : undefined
}

function parseWebAddress(value: string) {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? new URL(value).origin : undefined
}

/** `sqlite:path`, `sqlite::memory:` or `mssql://user:password@host:port/database?encrypt=true&trustServerCertificate=true`. */
export function parseDatabaseUrl(value: string): Database | undefined {
  if (value.startsWith('sqlite:')) {
    const file = value.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    return file ? { client: 'better-sqlite3', file: file === ':memory:' ? file : resolve(file) } : undefined
  }
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const database = url.pathname.slice(1)
  if (url.protocol !== 'mssql:' || !url.hostname || !url.username || !database) return undefined
  return {
    client: 'mssql',
    host: url.hostname,
    port: url.port ? Number(url.port) : 1433,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(database),
    encrypt: url.searchParams.get('encrypt') !== 'false',
    trustCertificate: url.searchParams.get('trustServerCertificate') === 'true',
  }
}
