import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address as it is compared and shown: IPv4 in its own form also where it comes within IPv6, nothing of an interface. */
export const plainAddress = (address: string): string => address.replace(mapped, '').replace(/%.*$/, '')

type Range = { address: string; prefix: number; family: 'ipv4' | 'ipv6' }

/** A single address or a network in CIDR notation; undefined when it is neither. */
function parseRange(typed: string): Range | undefined {
  const [address = '', prefix, ...rest] = typed.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined
  const longest = version === 4 ? 32 : 128
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  return bits >= 0 && bits <= longest ? { address, prefix: bits, family: `ipv${version as 4 | 6}` } : undefined
}

export const isAddress = (typed: string): boolean => parseRange(typed) !== undefined

/** The entries of a list as it is typed: one a line, or with commas or blanks between them, in any width. */
export const addressesIn = (typed: string): string[] =>
  typed
    .normalize('NFKC')
    .split(/[\s,;\u3001]+/)
    .filter(Boolean)

/** Answers for an address whether it is in one of the ranges. */
export function addressList(entries: string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of entries.map(parseRange)) if (range) list.addSubnet(range.address, range.prefix, range.family)
  return (address) => {
    const plain = plainAddress(address)
    const version = isIP(plain)
    return version !== 0 && list.check(plain, `ipv${version as 4 | 6}`)
  }
}

/** Whom attempts from an address are counted for: an IPv6 network of 64 bits belongs to one sender. */
export function senderOf(address: string): string {
  const plain = plainAddress(address)
  if (isIP(plain) !== 6) return plain.slice(0, 60)
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const [first, last] = [head, tail].map((part) => part.split(':').filter(Boolean))
  const zeros = Array(Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0))).fill('0')
  const groups = [...(first ?? []), ...zeros, ...(last ?? [])].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.slice(0, 4).join(':')}::/64`
}

const loopback = /^(127\.|::1$|::ffff:127\.)/

/** Whether a request comes from the machine the program runs on; through a proxy, every address on the way must be its own. */
export function isFromThisMachine(request: FastifyRequest): boolean {
  const { 'x-forwarded-for': forwarded = '', 'x-real-ip': real = '', forwarded: way } = request.headers
  const addresses = [request.socket.remoteAddress ?? '', ...`${forwarded},${real}`.split(',').filter((at) => at.trim())]
  return way === undefined && addresses.every((address) => loopback.test(address.trim()))
}
