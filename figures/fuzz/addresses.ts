import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addressProblem } from '../../engine/sign-in/guarded-fetch.ts'
import type { Property } from './property.ts'

const number = fc.integer({ min: 0, max: 255 })
const quad = fc.oneof(
  fc.tuple(number, number, number, number),
  fc.tuple(
    fc.constantFrom(0, 10, 127, 100, 169, 172, 192),
    fc.constantFrom(0, 16, 31, 32, 63, 64, 127, 128, 168, 254),
    number,
    number,
  ),
)
type Quad = readonly [number, number, number, number]

/** One address in the ways in which a URL may spell it. */
const spellings: readonly ((quad: Quad) => string)[] = [
  ([a, b, c, d]) => `${a}.${b}.${c}.${d}`,
  ([a, b, c, d]) => String(((a * 256 + b) * 256 + c) * 256 + d),
  ([a, b, c, d]) => `0x${[a, b, c, d].map((part) => part.toString(16).padStart(2, '0')).join('')}`,
  ([a, b, c, d]) => [a, b, c, d].map((part) => `0${part.toString(8)}`).join('.'),
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `[::ffff:${a}.${b}.${c}.${d}]`,
  ([a, b, c, d]) => `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
]
const hex = (high: number, low: number): string => (high * 256 + low).toString(16)

const scheme = fc.constantFrom('https', 'http', 'ftp', 'file', 'javascript')
const server = fc.constantFrom('https://mcp.example/', 'http://127.0.0.1:9/', 'https://192.168.1.9/')

export const addresses: Property = {
  name: 'addresses of a sign-in: agrees with a slow reader, and what is refused stays refused under any spelling',
  share: 3,
  run(runs, watch) {
    fc.assert(
      fc.property(
        quad,
        fc.constantFrom(...spellings),
        scheme,
        server,
        fc.constantFrom('', 'a@', 'a:b@'),
        (given, spell, scheme, server, user) => {
          const own = new URL(server)
          const spelt = URL.parse(`${scheme}://${user}${spell(given)}:7/x`)
          if (spelt === null) return
          const isAllowed = watch.input(() => addressProblem(spelt, own)) === null
          // In IPv6 our own addresses are not told from those of IPv4 within, which are refused from elsewhere whole.
          const isWithin = spell(given).startsWith('[')
          const expected = user === '' && mayBeAsked(scheme, given, isWithin, own)
          assert.equal(isAllowed, expected, `${spelt.href} named by ${own.href}`)
        },
      ),
      runs,
    )
  },
}

/** The rules once more, bit by bit. */
function mayBeAsked(scheme: string, [a, b]: Quad, isWithin: boolean, own: URL): boolean {
  const isOwnNear = own.hostname !== 'mcp.example'
  const isOwnLoopback = own.hostname === '127.0.0.1'
  const isLoopback = a === 127 && !isWithin
  const isNear =
    isWithin ||
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  if (scheme === 'http') return isLoopback && isOwnLoopback
  return scheme === 'https' && (!isNear || isOwnNear)
}
