import type { Fields } from './found-server.ts'
import { stringsOf } from './found-server.ts'

/** What we listen on unless told otherwise. */
export const usualPort = 7420

/** The port of our own address, or the usual one while there is none. */
export function gatewayPortAt(url: string | null): number {
  return url === null ? usualPort : Number(new URL(url).port)
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether an entry is the way back to us: our bridge command, or our gateway's address, also behind another bridge. */
export function isOwnGateway(entry: Fields, gatewayPort: number): boolean {
  const args = stringsOf(entry.args)
  const texts = [entry.url, ...args].filter((text) => typeof text === 'string')
  if (texts.some((text) => isGatewayUrl(text, gatewayPort))) return true
  if (typeof entry.command !== 'string') return false
  const connect = args.indexOf('connect')
  if (connect === -1) return false
  const parts = [entry.command, ...args.slice(0, connect)]
  if (parts.some((part) => /(?:^|[\\/])signalbox(?:[\\/]|\.\w+$|$)/i.test(part))) return true
  // Run from a checkout of any name, it is known by its program and the option that only our bridge has.
  return args[connect + 1] === '--client' && /[\\/]cli(?:\.mjs|[\\/]main\.ts)$/.test(parts.at(-1)!)
}

function isGatewayUrl(text: string, gatewayPort: number): boolean {
  if (!/^https?:\/\//i.test(text)) return false
  const url = URL.parse(text)
  if (!url || !loopback.has(url.hostname) || url.port !== String(gatewayPort)) return false
  return url.pathname === '/mcp' || url.pathname.startsWith('/mcp/')
}
