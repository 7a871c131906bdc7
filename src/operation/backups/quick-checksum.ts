import { createRequire } from 'node:module'
import { crc32 } from 'node:zlib'

type Checksum = { unsigned(content: Buffer | string, previous?: number): number }

/**
 * Lets yazl take Node's own checksum: the one it comes with reckons in JavaScript, 5 s of processor time for 2 GB where
 * this takes 0.4 s. Both answer the same.
 */
export function useQuickChecksum() {
  const ofYazl = createRequire(createRequire(import.meta.url).resolve('yazl'))
  const checksum = ofYazl('buffer-crc32') as Checksum
  checksum.unsigned = (content, previous = 0) => crc32(content, previous ?? 0)
}
