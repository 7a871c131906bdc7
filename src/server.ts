import { mkdirSync } from 'node:fs'
import type { Server } from 'node:https'
import { dirname } from 'node:path'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { customersIndex } from './customers/search-index.ts'
import { keepFullText } from './kernel/db/full-text.ts'
import { migrateDatabase } from './kernel/db/migrate.ts'
import { moduleIndex } from './kernel/db/module-search.ts'
import { openDatabase } from './kernel/db/open.ts'
import { upkeep } from './kernel/db/upkeep.ts'
import { sharedTurn, turnQueue } from './kernel/db/write-queue.ts'
import { closeData, closeFilesIn, writePrivately } from './kernel/private-files.ts'
import { fitSecrets, SecretKeyError } from './kernel/secrets.ts'
import { changeSettings } from './kernel/settings/settings.ts'
import { forgetAnchor } from './operation/audit-log/anchor.ts'
import { keepSealing } from './operation/audit-log/sealer.ts'
import { keepSchedule } from './operation/backups/schedule.ts'
import { removeOldStaged } from './operation/backups/staging.ts'
import { presetInstallation } from './operation/setup/installation.ts'
import { logStream, removeOldLogs } from './operation/system/log-file.ts'
import { firstAccount } from './people/users/first-account.ts'
import { clearUnfinished, tidy } from './program/housekeeping.ts'
import { refuseLostLog, startProblem } from './program/start-problem.ts'
import { readTls, type Tls, TlsError, watchTls } from './program/tls.ts'
import { text } from './texts/index.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const isDemo = process.argv.includes('--demo')

function settings(): Config {
  try {
    return readConfig(process.env, isDemo ? './data/demo' : './data')
  } catch (error) {
    if (error instanceof ConfigError) stopWith([text.server.refused, ...error.sentences].join('\n  '))
    throw error
  }
}

function prepareFolder(config: Config) {
  try {
    mkdirSync(config.dataDir, { recursive: true })
    if (config.database.client === 'better-sqlite3') mkdirSync(dirname(config.database.file), { recursive: true })
    closeData(config)
  } catch (error) {
    stopWith(text.server.dataFolderRefused(config.dataDir, (error as NodeJS.ErrnoException).code ?? ''))
  }
}

async function openAndPrepare(config: Config) {
  refuseLostLog(config)
  await migrateDatabase(config.database)
  const turns = turnQueue()
  const db = openDatabase(config.database, { writing: sharedTurn(turns.place()) })
  return { db, turns, isNew: await presetInstallation(db, config.initialPassword) }
}

const isInMemory = ({ database }: Config) => database.client === 'better-sqlite3' && database.file === ':memory:'

/** Ends with a sentence where the key file or the certificate cannot be used. */
function stopOrThrow(error: unknown): never {
  if (error instanceof TlsError || error instanceof SecretKeyError) stopWith(error.message)
  throw error
}

function certificate({ tls }: Config): Tls | null {
  try {
    return tls && readTls(tls)
  } catch (error) {
    return stopOrThrow(error)
  }
}

/** Whether passwords would cross the network as they are. */
const isOpenToOthers = ({ host, tls, publicUrl }: Config) =>
  !tls && !publicUrl?.startsWith('https:') && !/^(127\.|::1$|localhost$)/.test(host)

writePrivately()
const config = settings()
/** Until it runs, whatever the database or the disk does not let it do is said in a sentence. */
const explain = (error: unknown) => {
  const sentence = startProblem(error, config)
  if (sentence) stopWith(sentence)
  process.stderr.write(`${(error as Error).stack ?? error}\n`)
  process.exit(1)
}
process.on('uncaughtException', explain)
const tls = certificate(config)
prepareFolder(config)
const { db, turns, isNew } = await openAndPrepare(config)
if (isDemo) {
  const { fillDemo } = await import('../seeds/demo.ts')
  const names = await fillDemo(db, config.dataDir)
  if (names.length > 0) say(text.server.demo(names.join(' ')))
}
if (isNew && !isDemo) await changeSettings(db, { isSetupDue: true })
await clearUnfinished(config)
const app = await buildApp(config, db, {
  workplace: isInMemory(config) ? 'here' : { turns },
  logger: {
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
    stream: logStream(config.dataDir),
  },
  ...(tls && { https: { cert: tls.cert, key: tls.key } }),
})
if (isInMemory(config)) await forgetAnchor(config)
keepSealing(app)
keepSchedule(app)
await fitSecrets(db, config.secretKeyFile, app.secrets).catch(stopOrThrow)
const { database } = config
if (database.client === 'better-sqlite3' && !isInMemory(config)) {
  const begin = () => upkeep(database.file, turns, (error) => app.log.error({ err: error }, 'upkeep of the database'))
  let end = begin()
  const start = () => {
    end = begin()
  }
  app.door.add({ stop: () => end(), start })
  app.addHook('onClose', () => end())
}
if (database.client === 'mssql') {
  const indexes = [customersIndex.tokens, moduleIndex]
  const end = keepFullText(db, indexes, (error) => app.log.warn({ err: error }, 'full text of SQL Server'))
  app.addHook('onClose', async () => end())
}
app.addHook('onClose', () => db.destroy())
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void app.close().then(() => process.exit(0)))

try {
  const address = await app.listen({ host: config.host, port: config.port })
  say(text.server.ready(config.publicUrl ?? address))
  if (tls?.warning) say(tls.warning)
  if (tls && config.tls) process.on('SIGHUP', watchTls(app.server as Server, config.tls, tls, app.log))
  if (isOpenToOthers(config)) say(text.server.hostOutside(config.host))
  if (isNew)
    say(
      config.initialPassword
        ? text.server.firstAccountGiven(firstAccount.username)
        : text.server.firstAccount(firstAccount.username, firstAccount.password),
    )
  say(text.server.stop)
  const tidyUp = () =>
    app.door.pass(async () => {
      await tidy(db, config.dataDir)
      await removeOldStaged(config)
      await removeOldLogs(config.dataDir)
    })
  await closeFilesIn(config.dataDir)
  await tidyUp()
  process.off('uncaughtException', explain)
  setInterval(() => void tidyUp().catch((error) => app.log.error(error)), 86_400_000).unref()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') stopWith(text.server.portTaken(config.port))
  throw error
}
