import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { chinaSecond } from '../../kernel/china/clock.ts'

const pattern = /^kehu-archive-\d{8}-\d{6}(?:-uploaded)?\.zip$/

export const archiveFolder = (dataDir: string) => join(dataDir, 'archives')

/** A name for an archive made now, or brought here. */
export async function newArchivePath(dataDir: string, ending = ''): Promise<{ name: string; path: string }> {
  await mkdir(archiveFolder(dataDir), { recursive: true })
  const stamp = (chinaSecond(new Date()) as string).replace(/[-:]/g, '').replace(' ', '-')
  const name = `kehu-archive-${stamp}${ending}.zip`
  return { name, path: join(archiveFolder(dataDir), name) }
}

export type ArchiveFile = { name: string; path: string; bytes: number; writtenAt: string }

/** Every archive there is, the newest first. */
export async function listArchives(dataDir: string): Promise<ArchiveFile[]> {
  const folder = archiveFolder(dataDir)
  const found: ArchiveFile[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const state = pattern.test(name) && (await stat(path).catch(() => undefined))
    if (state) found.push({ name, path, bytes: state.size, writtenAt: state.mtime.toISOString() })
  }
  return found.sort((a, b) => b.writtenAt.localeCompare(a.writtenAt))
}
