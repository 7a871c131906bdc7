import { createRequire } from 'node:module'

/** ASVS 5.0, 6.2.4 and 6.2.12: the 49,000 passwords that turn up most in what was stolen elsewhere, in small letters. */
let common: Set<string> | undefined

/** Whether a password is among them, whatever its case and whatever signs were put around it to satisfy a rule. */
export function isCommonPassword(password: string): boolean {
  common ??= readCommon()
  const folded = password.normalize('NFKC').toLowerCase()
  return common.has(folded) || common.has(folded.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
}

/** Read when the first password is set: few processes ever need it. */
function readCommon(): Set<string> {
  const { dictionary } = createRequire(import.meta.url)('@zxcvbn-ts/language-common') as {
    dictionary: Record<string, string[]>
  }
  return new Set(dictionary['passwords-common'])
}
