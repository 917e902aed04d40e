import ipaddr from 'ipaddr.js'

/** What an IP address is. Only `public` ones are asked without being told to. */
export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'shared'
  | 'multicast'
  | 'unspecified'
  | 'reserved'
  | 'embedded'

const isNear: ReadonlySet<AddressClass> = new Set(['loopback', 'private', 'shared'])

/** Whether an allowed name may lead to it: this machine and its networks, but never what only pretends to be an address. */
export function isOfOwnNetwork(found: AddressClass): boolean {
  return isNear.has(found)
}

/** IPv6 addresses that are routed at all lie in here; ISATAP, an IPv4 address in the last half, hides in any of them. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** The class of an address in any textual form that a resolver gives; text that is none is `reserved`. */
export function classOf(address: string): AddressClass {
  if (!ipaddr.isValid(address)) return 'reserved'
  const parsed = ipaddr.parse(address)
  return parsed instanceof ipaddr.IPv4 ? classOfV4(parsed) : classOfV6(parsed)
}

function classOfV4(address: ipaddr.IPv4): AddressClass {
  const range = address.range()
  switch (range) {
    case 'unicast':
      return 'public'
    case 'loopback':
      return 'loopback'
    case 'private':
      return 'private'
    case 'linkLocal':
      return 'link_local'
    case 'carrierGradeNat':
      return 'shared'
    case 'multicast':
      return 'multicast'
    case 'unspecified':
      return 'unspecified'
    default:
      return 'reserved'
  }
}

function classOfV6(address: ipaddr.IPv6): AddressClass {
  const range = address.range()
  switch (range) {
    case 'loopback':
      return 'loopback'
    case 'uniqueLocal':
      return 'private'
    case 'linkLocal':
      return 'link_local'
    case 'multicast':
      return 'multicast'
    case 'unspecified':
      return 'unspecified'
    case 'ipv4Mapped':
    case 'rfc6145':
    case 'rfc6052':
    case '6to4':
    case 'teredo':
      return 'embedded'
    case 'unicast':
      if (isIsatap(address)) return 'embedded'
      return address.match(globalUnicast) ? 'public' : 'reserved'
    default:
      return 'reserved'
  }
}

/** Interface identifiers `[02]00:5efe:a.b.c.d` (RFC 5214, section 6.1). */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4]! & ~0x0200) === 0
}
