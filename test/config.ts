import { join, resolve } from 'node:path'
import t from 'tap'
import { ConfigError, parseDatabaseUrl, readConfig } from '../src/config.ts'
import { text } from '../src/texts/index.ts'

const sentences = (environment: Record<string, string>): string[] => {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    return (error as ConfigError).sentences
  }
}

t.test('nothing has to be set', async (t) => {
  const config = readConfig({})
  t.strictSame(config, {
    host: '127.0.0.1',
    port: 3000,
    dataDir: resolve('./data'),
    database: { client: 'better-sqlite3', file: resolve('./data/kehu.db') },
    initialPassword: null,
    publicUrl: null,
    trustProxy: false,
    tls: null,
    secretKeyFile: resolve('./data/secret.key'),
    logLevel: 'info',
  })
  t.strictSame(readConfig({ PORT: ' ', HOST: '', LOG_LEVEL: '' }), config, 'empty is not set')
  t.throws(() => Object.assign(config, { port: 1 }), TypeError)
})

t.test('what is set is taken', async (t) => {
  const config = readConfig({
    HOST: '0.0.0.0',
    PORT: '8080',
    DATA_DIR: '/srv/kehu',
    INITIAL_PASSWORD: '一二三四五六七八',
    PUBLIC_URL: 'https://crm.example.com/anything',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'debug',
  })
  t.match(config, { host: '0.0.0.0', port: 8080, dataDir: '/srv/kehu', trustProxy: true, logLevel: 'debug' })
  t.match(config, { initialPassword: '一二三四五六七八', publicUrl: 'https://crm.example.com' })
  t.strictSame(config.database, { client: 'better-sqlite3', file: join('/srv/kehu', 'kehu.db') })
})

t.test('files of a certificate, of the key, and addresses of proxies', async (t) => {
  const tls = { TLS_CERT: 'a.pem', TLS_KEY: '/etc/b.pem' }
  const more = readConfig({ ...tls, DATA_DIR: '/srv', TRUST_PROXY: '127.0.0.1, 10.0.0.0/8 ::1' })
  t.strictSame(more.tls, { cert: resolve('a.pem'), key: '/etc/b.pem' })
  t.equal(more.secretKeyFile, '/srv/secret.key')
  t.strictSame(more.trustProxy, ['127.0.0.1', '10.0.0.0/8', '::1'])
  t.equal(readConfig({ SECRET_KEY_FILE: '/safe/key' }).secretKeyFile, '/safe/key')
  for (const name of ['TLS_CERT', 'TLS_KEY'] as const)
    t.strictSame(sentences({ [name]: 'x' }), [text.config.TLS_CERT], `${name} alone`)
})

t.test('each wrong setting is named in a sentence, all at once', async (t) => {
  const wrong: Record<string, string[]> = {
    HOST: ['a b', 'http://x'],
    PORT: ['65536', '-1', '3.5', 'x', '1e3'],
    DATABASE_URL: ['mysql://x', 'sqlite:', 'mssql://host/db', 'mssql://user:p@host', 'kehu.db'],
    INITIAL_PASSWORD: ['short'],
    PUBLIC_URL: ['crm.example.com', 'ftp://crm.example.com'],
    TRUST_PROXY: ['yes', 'toString', '__proto__', '10.0.0.0/33', '127.0.0.1;x', ','],
    LOG_LEVEL: ['loud'],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values)
      t.strictSame(sentences({ [name]: value }), [text.config[name as keyof typeof text.config]], `${name}=${value}`)
  t.equal(sentences({ PORT: 'x', HOST: '?', LOG_LEVEL: '?' }).length, 3)
  t.equal(new ConfigError(['a', 'b']).message, 'a\nb')
})

t.test('addresses of databases', async (t) => {
  t.strictSame(parseDatabaseUrl('sqlite::memory:'), { client: 'better-sqlite3', file: ':memory:' })
  t.strictSame(parseDatabaseUrl('sqlite:./a/b.db'), { client: 'better-sqlite3', file: resolve('a/b.db') })
  t.strictSame(parseDatabaseUrl('sqlite:///srv/b.db'), { client: 'better-sqlite3', file: '/srv/b.db' })
  const server = { client: 'mssql', host: 'db', port: 1433, user: 'sa', database: 'kehu' }
  t.strictSame(parseDatabaseUrl('mssql://sa:p%40ss%3Aw@db/kehu'), {
    ...server,
    password: 'p@ss:w',
    encrypt: true,
    trustCertificate: false,
  })
  t.match(parseDatabaseUrl('mssql://sa:p@db:1444/kehu?encrypt=false&trustServerCertificate=true'), {
    port: 1444,
    encrypt: false,
    trustCertificate: true,
  })
})
