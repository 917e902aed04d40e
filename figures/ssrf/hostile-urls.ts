import type { Outside } from '../../engine/outbound/test-outside.ts'

/** A URL that must not be called, and what the world is like that it is called in. */
export interface HostileUrl {
  readonly family: string
  readonly url: string
  /** What names lead to, lookup by lookup; all else leads to a public address. */
  readonly names: Outside['names']
  /** Where the public host sends whoever asks for this path. */
  readonly redirects: ReadonlyMap<string, { status: number; location: string }>
  /** Connections to the public address that are right before it is refused. */
  readonly rightAttempts: number
}

/** IPv4 addresses of every kind that is not public, with a few at the edges of their networks. */
const nearV4 = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.127.255.254',
  '192.0.2.1',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
]

const nearV6 = [
  '::1',
  '::',
  'fe80::1',
  'fec0::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fd00:ec2::254',
  'ff02::1',
  '2001:db8::1',
  '100::1',
]

/** How an IPv4 address hides in an IPv6 one. */
const embeddings: ((v4: string) => string)[] = [
  (v4) => `::ffff:${v4}`,
  (v4) => `::ffff:${hexPairs(v4)}`,
  (v4) => `::${v4}`,
  (v4) => `64:ff9b::${v4}`,
  (v4) => `64:ff9b:1::${v4}`,
  (v4) => `2002:${hexPairs(v4)}::1`,
  (v4) => `2001:0:${hexPairs(v4)}::1`,
  (v4) => `2001:470:1f0b:1::5efe:${v4}`,
]

/** How a number hides that it is an address. */
const spellings: ((v4: string) => string)[] = [
  (v4) => String(numberOf(v4)),
  (v4) => `0x${numberOf(v4).toString(16)}`,
  (v4) =>
    octets(v4)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  (v4) =>
    octets(v4)
      .map((octet) => `0x${octet.toString(16)}`)
      .join('.'),
  (v4) => `${octets(v4).slice(0, 2).join('.')}.${(octets(v4)[2]! << 8) | octets(v4)[3]!}`,
  (v4) => `${v4}.`,
  (v4) => v4.replaceAll('.', '\u3002'),
  (v4) => [...v4].map((digit) => (digit === '.' ? '.' : String.fromCodePoint(0xff10 + Number(digit)))).join(''),
  (v4) => v4.replaceAll('.', '%2e'),
]

const schemes = [
  'file:///etc/passwd',
  'gopher://a.example.com/',
  'ftp://a.example.com/',
  'unix:/run/docker.sock',
  'data:,x',
  'ws://a.example.com/',
  'javascript:1',
  'jar:http://a.example.com!/',
  '//127.0.0.1/',
  'http://',
]
const names = [
  'localhost',
  'LOCALHOST.',
  'app.localhost',
  'printer.local',
  'metadata.google.internal',
  'router.home.arpa',
  'nas.lan',
  'site.onion',
]
const ports = [22, 25, 2375, 3306, 5432, 6379, 9200, 11_211]
const credentials = [
  'http://me:secret@a.example.com/',
  'http://a.example.com@127.0.0.1/',
  'http://127.0.0.1:80@a.example.com/',
  'https://token@a.example.com/',
]

/** All families: 120 of them, which the figure counts. */
export function hostileUrls(): HostileUrl[] {
  return [
    ...nearV4.map((v4) => plain('IPv4 that is not public', `http://${v4}/`)),
    ...nearV6.map((v6) => plain('IPv6 that is not public', `http://[${v6}]/`)),
    ...['127.0.0.1', '169.254.169.254'].flatMap((v4) =>
      embeddings.map((embed) => plain('IPv4 within IPv6', `http://[${embed(v4)}]/`)),
    ),
    ...['127.0.0.1', '10.1.2.3'].flatMap((v4) =>
      spellings.map((spell) => plain('number that hides an address', `http://${spell(v4)}/`)),
    ),
    ...schemes.map((url) => plain('no web address', url)),
    ...names.map((name) => plain('name of the own network', `http://${name}/`)),
    ...ports.map((port) => plain('port of another service', `http://a.example.com:${port}/`)),
    ...credentials.map((url) => plain('credentials in the address', url)),
    ...['127.0.0.1', '10.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '::1', 'fe80::1', '::ffff:127.0.0.1'].map(
      (address) => named('name that leads inside', [[address]]),
    ),
    ...['127.0.0.1', 'fd00::1'].map((address) => named('name that also leads inside', [['93.184.215.14', address]])),
    ...[
      'http://127.0.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
      'http://2130706433/',
      '//10.0.0.1/',
      'file:///etc/passwd',
      'http://localhost/',
      'http://inside.example.com/',
      'http://b.example.com:6379/',
      'http://me:secret@b.example.com/',
    ].flatMap((location) => [redirected([location], 307), redirected(['/next', location], 308)]),
  ]
}

function plain(family: string, url: string): HostileUrl {
  return { family, url, names: new Map(), redirects: new Map(), rightAttempts: 0 }
}

function named(family: string, answers: string[][]): HostileUrl {
  return { ...plain(family, 'http://rebound.example.com/'), names: new Map([['rebound.example.com', answers]]) }
}

/** A public host that leads on, step by step; the last step is the hostile one. */
function redirected(locations: string[], status: number): HostileUrl {
  const steps = locations.map(
    (location, index) => [index === 0 ? '/' : locations[index - 1]!, { status, location }] as const,
  )
  return {
    family: 'redirect that leads inside',
    url: 'http://a.example.com/',
    names: new Map([['inside.example.com', [['192.168.0.1']]]]),
    redirects: new Map(steps),
    rightAttempts: steps.length,
  }
}

function octets(v4: string): number[] {
  return v4.split('.').map(Number)
}

function numberOf(v4: string): number {
  return octets(v4).reduce((sum, octet) => sum * 256 + octet, 0)
}

function hexPairs(v4: string): string {
  const [a, b, c, d] = octets(v4) as [number, number, number, number]
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
