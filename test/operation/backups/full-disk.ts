import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { addCustomer, backUp, company } from './fixtures/company.ts'

/** A disk of its own for the backups of a test, in a room that only its process sees. */
const disk = process.env.KEHU_SMALL_DISK
const room = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const mount = 'mount -t tmpfs -o size=260m tmpfs "$KEHU_SMALL_DISK/backups"'

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

  /**
   * Megabytes that stand in the log of the database and not yet in its file, for the time that somebody reads: the check
   * for room beforehand sees the file alone, the copy needs them all.
   */
  const growLog = (file: string, megabytes: number, blob: string) => {
    const reader = new Sqlite(file)
    reader.exec('begin')
    reader.prepare('select count(*) from users').get()
    const writer = new Sqlite(file)
    writer.exec('create table ballast (content blob)')
    for (let i = 0; i < megabytes; i++) writer.exec(`insert into ballast values (${blob}(1000000))`)
    writer.close()
    return reader
  }
  const leaveRoom = (bytes: number) => {
    const { bavail, bsize } = statfsSync(backups)
    writeFileSync(filler, Buffer.alloc(bavail * bsize - bytes))
  }

  for (const [ending, megabytes, blob] of [
    ['.db', 80, 'zeroblob'],
    ['.zip', 45, 'randomblob'],
  ] as const)
    t.test(`a disk that is full while the ${ending} is written: no half file, and a sentence`, async (t) => {
      const folder = mkdtempSync(join(disk, 'office-'))
      symlinkSync(backups, join(folder, 'backups'))
      const here = await company(t, folder)
      const reader = growLog(join(folder, 'kehu.db'), megabytes, blob)
      leaveRoom(75e6)
      const { location = '' } = await here.admin.post('/maintenance/backups')
      await here.app.runJobs()
      const said = await here.admin.get(location)
      t.match(said.text, text.backups.full)
      t.match(said.text, text.jobs.states.failed)
      t.strictSame(readdirSync(backups).sort(), ['filler', 'incoming'])
      t.strictSame(readdirSync(incoming), [])
      t.equal((await addCustomer(here, '其间')).status, 303, 'work goes on')
      reader.close()
      rmSync(filler)
      const made = await backUp(here)
      t.match(made, /manual/, 'and so do backups, once there is room')
      rmSync(join(backups, made))
    })
}
