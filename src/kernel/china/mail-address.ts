import { domainToASCII } from 'node:url'
import { singleLine } from './text.ts'

/** What people and programs write before an address, full width folded. */
const prefix = /^(mailto|e-?mail|mail|邮箱|电子邮箱|邮件|电子邮件|邮箱地址)\s*[:=]\s*/i

/** Letters of RFC 5322 (3.2.3) and RFC 6531 in parts with single dots between; quoted names are not taken. */
const name = /^[^\s@<>()[\]\\,;:".]+(\.[^\s@<>()[\]\\,;:".]+)*$/
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
/** As most are; another one is asked of the rules of the names of the internet, which takes longer. */
const plainDomain = /^(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

/**
 * A mail address as it is kept: without what was written around it (`mailto:`, 「邮箱：」);
 * undefined for what no server would take. The one rule of form, import and mail.
 */
export function readMailAddress(typed: string): string | undefined {
  let written = singleLine(typed).normalize('NFKC').replaceAll(' ', '')
  for (let before = ''; before !== written; ) {
    before = written
    if (/^mailto:/i.test(written)) written = written.replace(/\?.*$/, '')
    written = written.replace(prefix, '')
  }
  const at = written.lastIndexOf('@')
  const [local, domain] = [written.slice(0, at), written.slice(at + 1).replaceAll('\u3002', '.')]
  return at > 0 && local.length <= 64 && name.test(local) && isDomain(domain) ? `${local}@${domain}` : undefined
}

function isDomain(domain: string): boolean {
  if (plainDomain.test(domain)) return true
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return false
  const labels = domainToASCII(domain).split('.')
  // One that ends with a number would be an address of the network.
  const top = /^([a-z]{2,}|xn--.+)$/
  return labels.length > 1 && labels.every((one) => label.test(one)) && top.test(labels.at(-1) ?? '')
}

/** An address as servers are told it: the domain in ASCII (RFC 5890). */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const ascii = domainToASCII(address.slice(at + 1))
  return at > 0 && ascii ? `${address.slice(0, at)}@${ascii}` : address
}
