import ipaddr from 'ipaddr.js'
import type { AddressClass } from './address-class.ts'
import { isOfOwnNetwork } from './address-class.ts'

/** What a person has allowed beyond the public internet; a port of null stands for any. */
type AllowedTarget =
  | { kind: 'name'; host: string; port: number | null }
  | { kind: 'network'; network: [ipaddr.IPv4 | ipaddr.IPv6, number]; port: number | null }

/** A host and port that is to be asked. */
export interface HostAndPort {
  readonly host: string
  readonly port: number
}

/** The list of a person, read once for each request: it may change between two. What cannot be read allows nothing. */
export class AllowedTargets {
  readonly #targets: readonly AllowedTarget[]

  constructor(entries: readonly string[]) {
    this.#targets = entries.map(readEntry).filter((target) => target !== null)
  }

  /** Whether this host was named, so that its port and its own kind of name are no reason to refuse it. */
  names({ host, port }: HostAndPort): boolean {
    return this.#targets.some((target) => isOnPort(target, port) && isOfHost(target, host))
  }

  /**
   * Whether an address may be asked although it is not public. A name allows what lies on this machine or its networks;
   * link-local addresses (where clouds keep their credentials) and all else only an address or a network allows.
   */
  covers(target: HostAndPort, address: string, found: AddressClass): boolean {
    return this.#targets.some((allowed) => {
      if (!isOnPort(allowed, target.port)) return false
      if (allowed.kind === 'network') return isWithin(address, allowed.network)
      return allowed.host === target.host && isOfOwnNetwork(found)
    })
  }
}

/** Null where a text allows nothing. */
function readEntry(text: string): AllowedTarget | null {
  const entry = text.trim().toLowerCase()
  if (ipaddr.isValidCIDR(entry)) return { kind: 'network', network: ipaddr.parseCIDR(entry), port: null }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]/]+))(?::(\d+))?$/.exec(entry) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? null : Number(digits)
  if (host === undefined || (port !== null && (port < 1 || port > 65_535))) return null
  // `isValid` alone would take "1" for an address.
  if (bracketed !== undefined || ipaddr.IPv4.isValidFourPartDecimal(host)) {
    if (!ipaddr.isValid(host)) return null
    const address = ipaddr.parse(host)
    return { kind: 'network', network: [address, address.kind() === 'ipv4' ? 32 : 128], port }
  }
  return { kind: 'name', host: host.replace(/\.$/, ''), port }
}

function isOnPort(target: AllowedTarget, port: number): boolean {
  return target.port === null || target.port === port
}

function isOfHost(target: AllowedTarget, host: string): boolean {
  return target.kind === 'name' ? target.host === host : isWithin(host, target.network)
}

function isWithin(address: string, [network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return parsed.kind() === network.kind() && parsed.match(network, bits)
}
