import { isIP } from 'node:net'
import { AppError } from '../../shared/app-error.ts'
import { classOf } from './address-class.ts'
import type { AllowedTargets, HostAndPort } from './allowed-targets.ts'

/** What a URL asks for, once its text has been judged. */
export interface Target extends HostAndPort {
  readonly url: URL
  /** The host is an address itself: there is nothing to look up. */
  readonly isAddress: boolean
}

/** Where web servers for everybody listen. Others hold mail, databases and the like, and need to be named. */
const openPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443])

/** Names that no public DNS may answer for (RFC 6761, 6762, 8375, 9476 and the one of ICANN for private use). */
const privateNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|home\.arpa|corp|onion|test|invalid)$/

/**
 * Judges the text of a URL, before anything is looked up.
 * @throws AppError `target_refused` (400), whose data says `reason`.
 */
export function readTarget(text: string, allowed: AllowedTargets): Target {
  const url = URL.parse(text)
  if (url === null) throw refused(text, 'not_a_url', 'it is not a whole URL')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(text, 'scheme', 'only http and https are called')
  }
  if (url.username !== '' || url.password !== '')
    throw refused(url.host, 'credentials', 'it carries a name or a password')
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isAddress = isIP(host) !== 0
  // The parser turns 2130706433, 0177.1 and 127。0。0。1 into 127.0.0.1. Whoever means an address writes it as one.
  if (isIP(host) === 4 && !text.toLowerCase().includes(url.hostname)) {
    throw refused(text, 'disguised', `it writes the address ${host} in a form that hides it`)
  }
  if (host === '') throw refused(text, 'not_a_url', 'it names no host')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const target = { url, host, port, isAddress }
  if (allowed.names(target)) return target
  if (privateNames.test(host))
    throw refused(url.host, 'private_name', 'that name is one of this machine or its network')
  if (!openPorts.has(port)) throw refused(url.host, 'port', `port ${port} is not one of ${[...openPorts].join(', ')}`)
  if (isAddress) judgeAddress(target, host, allowed)
  return target
}

/**
 * Judges one address that a target leads to.
 * @throws AppError `target_refused` (400).
 */
export function judgeAddress(target: Target, address: string, allowed: AllowedTargets): void {
  const found = classOf(address)
  if (found === 'public' || allowed.covers(target, address, found)) return
  const where = target.isAddress ? `it is ${words[found]}` : `it leads to ${address}, ${words[found]}`
  throw refused(target.url.host, found, where)
}

const words: Record<Exclude<ReturnType<typeof classOf>, 'public'>, string> = {
  loopback: 'a loopback address',
  private: 'a private address',
  link_local: 'a link-local address',
  shared: 'an address of a carrier-grade NAT',
  multicast: 'a multicast address',
  unspecified: 'no address of a machine',
  reserved: 'a reserved address',
  embedded: 'an IPv6 address that stands for an IPv4 one',
}

/** The one error of a target that is not called; `reason` is for programs. */
export function refused(where: string, reason: string, why: string): AppError {
  return new AppError('target_refused', `${where.slice(0, 200)} is not called: ${why}.`, {
    hint: 'Name a public address, or add its host to the allowed targets in the settings if it is yours.',
    status: 400,
    data: { reason },
  })
}
