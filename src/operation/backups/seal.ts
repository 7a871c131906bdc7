import type { Sealer } from '../../kernel/secrets.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'

/*
 * What a backup is believed to be. Whoever may download, upload and restore backups could otherwise take one apart, give
 * himself every role, take his entries out of the log and bring it back. So the manifest, which holds the digest of
 * every file, is sealed with a key that is in no backup (HMAC, src/kernel/secrets.ts), and the seal is looked at before a word
 * of the manifest is believed: a file that was changed, added, left out or exchanged, and a manifest of another backup,
 * no longer fit it.
 *
 * Not kept off: who holds the key file, and who brings an unchanged older backup of this very program back. What that
 * one may gain is shown before (access-change.ts), and the operation log goes on over it (operation/audit-log/carry-over.ts).
 */

/** The seal stands behind the manifest, as the last file of the zip. */
export const sealPath = 'manifest.seal'

/** Made by this installation, by one with another key, or without a seal as earlier versions of the program did. */
export type Origin = 'own' | 'elsewhere' | 'unsealed'

/** The first version of the manifest that never comes without a seal. */
const sealedSince = 2

/** Where a manifest comes from; a Refusal when it is not the one that was sealed with a key we have. */
export function originOf(sealer: Sealer, manifest: Buffer, seal: string | undefined): Origin {
  if (seal === undefined) return 'unsealed'
  const state = sealer.look(manifest, seal)
  if (state === 'wrong') throw forged()
  return state === 'own' ? 'own' : 'elsewhere'
}

/** A seal that was taken off is no backup of an earlier version. */
export function refuseUnsealed(formatVersion: number, origin: Origin) {
  if (origin === 'unsealed' && formatVersion >= sealedSince) throw forged()
}

const forged = () => new Refusal({ message: text.backups.problems.forged, field: 'file' })

type Asking = { can(permission: 'roles.assign'): boolean }

/** Whoever brings in data that were made elsewhere decides who holds which role: a Refusal for those who may not. */
export function refuseForeign(origin: Origin, asking: Asking) {
  if (origin !== 'own' && !asking.can('roles.assign'))
    throw new Refusal({ status: 403, message: text.backups.foreign.refused(text.backups.origins[origin]) })
}
