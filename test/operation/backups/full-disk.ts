import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { addCustomer, backUp, company } from './fixtures/company.ts'

/** A disk of its own for the backups of a test, in a room that only its process sees. */
const disk = process.env.KEHU_SMALL_DISK
const room = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const mount = 'mount -t tmpfs -o size=160m tmpfs "$KEHU_SMALL_DISK/backups"'

if (disk === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'kehu-disk-'))
  mkdirSync(join(folder, 'backups'))
  const env = { ...process.env, KEHU_SMALL_DISK: folder }
  const isPossible = spawnSync('unshare', [...room, mount], { env }).status === 0
  t.test('on a small disk', { skip: !isPossible && 'no disk can be mounted here' }, async (t) => {
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const run = [...process.execArgv, import.meta.filename].map((word) => `'${word}'`).join(' ')
    const { status, stdout } = spawnSync('unshare', [...room, `${mount} && '${process.execPath}' ${run}`], { env })
    t.equal(status, 0, String(stdout))
  })
} else {
  const backups = join(disk, 'backups')
  const incoming = join(backups, 'incoming')
  const filler = join(backups, 'filler')
  mkdirSync(incoming)

  const makeLarge = (file: string) => {
    const sqlite = new Sqlite(file)
    sqlite.exec('create table ballast (content blob)')
    for (let i = 0; i < 30; i++) sqlite.exec('insert into ballast values (randomblob(1000000))')
    sqlite.close()
  }
  const seen = async (ending: string) => {
    const isThere = (name: string) => name.endsWith(ending) && statSync(join(incoming, name)).size > 0
    while (!readdirSync(incoming).some(isThere)) await turn()
  }
  const fillDisk = () => {
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(1_000_000))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }

  for (const ending of ['.db', '.zip'])
    t.test(`a disk that is full while the ${ending} is written: no half file, and a sentence`, async (t) => {
      const folder = mkdtempSync(join(disk, 'office-'))
      symlinkSync(backups, join(folder, 'backups'))
      const here = await company(t, folder)
      makeLarge(join(folder, 'kehu.db'))
      const { location = '' } = await here.admin.post('/maintenance/backups')
      const working = here.app.runJobs()
      await seen(ending)
      fillDisk()
      await working
      const said = await here.admin.get(location)
      t.match(said.text, text.backups.full)
      t.match(said.text, text.jobs.states.failed)
      t.strictSame(readdirSync(backups).sort(), ['filler', 'incoming'])
      t.strictSame(readdirSync(incoming), [])
      t.equal((await addCustomer(here, '其间')).status, 303, 'work goes on')
      rmSync(filler)
      const made = await backUp(here)
      t.match(made, /manual/, 'and so do backups, once there is room')
      rmSync(join(backups, made))
    })
}
