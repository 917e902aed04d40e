import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type GuardPolicy, judge } from '../../engine/api/guard.ts'
import { digestOf } from '../../engine/api/secret.ts'
import type { Property } from './property.ts'

const port = 7420
const token = 'T'.repeat(43)
const session = 'S'.repeat(43)
const tunnel = 'hooks.example'
const policy: GuardPolicy = {
  port,
  webhookHosts: () => [tunnel],
  tokenDigest: digestOf(token),
  callers: null,
  cookieName: `signalbox_${port}`,
  holdsSession: (id) => id === session,
  isMetricsToken: () => false,
}

const own = ['127.0.0.1:7420', 'localhost:7420', '[::1]:7420']
const nearly = [
  tunnel,
  `${tunnel}:7420`,
  '127.0.0.1',
  'localhost',
  'localhost.:7420',
  'evil.example',
  '127.1:7420',
  '0.0.0.0:7420',
  '',
  ' ',
]
const host = fc.oneof(fc.constantFrom(...own, ...nearly), fc.webAuthority(), fc.string({ maxLength: 12 }))
const origin = fc.oneof(
  fc.constantFrom('null', '', 'http://127.0.0.1:7420', 'https://127.0.0.1:7420', 'http://127.0.0.1:7420.evil.example'),
  host.map((authority) => `http://${authority}`),
)
const authorization = fc.oneof(
  fc.constantFrom(
    `Bearer ${token}`,
    `bearer ${token}`,
    `Bearer ${token} `,
    `Basic ${token}`,
    'Bearer ',
    `Bearer ${token}x`,
  ),
  fc.string({ maxLength: 60 }),
)
const cookie = fc.oneof(
  fc.constantFrom(`signalbox_${port}=${session}`, `a=b; signalbox_${port}=${session}`, `signalbox_1=${session}`),
  fc.string({ maxLength: 60 }),
)
const header = fc.oneof(
  host.map((value) => ['Host', value] as const),
  origin.map((value) => ['ORIGIN', value] as const),
  fc.constantFrom('none', 'same-origin', 'cross-site', 'same-site').map((value) => ['sec-fetch-site', value] as const),
  fc.constantFrom('navigate', 'cors').map((value) => ['Sec-Fetch-Mode', value] as const),
  fc.constantFrom('document', 'iframe').map((value) => ['sec-fetch-dest', value] as const),
  authorization.map((value) => ['Authorization', value] as const),
  cookie.map((value) => ['Cookie', value] as const),
)
const piece = fc.constantFrom(
  '/',
  '/assets/',
  '/open/',
  '/oauth/callback',
  'x',
  '/healthz',
  '/webhooks/',
  '/api/v1/servers',
  '/..',
  '/.',
  '\\..',
  '/%2e%2e',
  '?a',
  '#b',
  '%2f',
)
const target = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.webUrl(),
  fc.string(),
)
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS'),
  target,
  headers: fc.tuple(host, fc.array(header, { maxLength: 5 })),
})

export const guard: Property = {
  name: 'guard: agrees with a slow reader of the rules about any target and any headers',
  share: 6,
  run(runs, watch) {
    fc.assert(
      fc.property(request, ({ method, target, headers: [host, more] }) => {
        const rawHeaders = [['Host', host], ...more].flat()
        const verdict = watch.input(() => judge({ method, target, rawHeaders }, policy))
        const seen = verdict.kind === 'admitted' ? verdict.access : 'refused'
        assert.equal(seen, byTheRules(method, target, [['Host', host], ...more]))
      }),
      runs,
    )
  },
}

/** Every other spelling of a path that is refused must be refused as well. */
export const guardSpelling: Property = {
  name: 'guard: what is refused stays refused under any spelling of it',
  share: 3,
  run(runs, watch) {
    const spelling = fc.array(fc.constantFrom('plain', 'percent', 'upper', 'slash'), { minLength: 20, maxLength: 20 })
    const closed = fc.constantFrom('/api/v1/servers', '/rpc', '/api/v1/tasks', '/nothing', '/openx', '/healthz/x')
    fc.assert(
      fc.property(
        closed,
        spelling,
        fc.constantFrom('', '/assets/..', '/open/../open/..', '/./'),
        (path, how, front) => {
          const spelt = [...path].map((letter, index) => spell(letter, how[index % how.length]!)).join('')
          const rawHeaders = ['Host', own[0]!]
          const verdict = watch.input(() => judge({ method: 'GET', target: `${front}${spelt}`, rawHeaders }, policy))
          assert.equal(verdict.kind, 'refused')
        },
      ),
      runs,
    )
  },
}

function spell(letter: string, how: string): string {
  if (letter === '/') return how === 'slash' ? '\\' : '/'
  if (how === 'percent') return `%${letter.charCodeAt(0).toString(16)}`
  return how === 'upper' ? letter.toUpperCase() : letter
}

function byTheRules(method: string, target: string, headers: (readonly string[])[]): string {
  const all = (name: string): string[] => {
    return headers.filter(([key]) => key!.toLowerCase() === name).map(([, value]) => value!)
  }
  if (!target.startsWith('/')) return 'refused'
  const path = pathOf(target)
  if (path === null) return 'refused'
  const hosts = all('host')
  const isWebhook = method === 'POST' && path.startsWith('/webhooks/')
  const names = isWebhook ? [...own, tunnel] : own
  if (hosts.length !== 1 || !names.includes(hosts[0]!.toLowerCase())) return 'refused'
  if (all('origin').some((value) => !own.map((name) => `http://${name}`).includes(value))) return 'refused'
  if (all('sec-fetch-site').some((value) => value !== 'none' && value !== 'same-origin')) {
    const isShown = all('sec-fetch-mode').join() === 'navigate' && all('sec-fetch-dest').join() === 'document'
    return method === 'GET' && path === '/oauth/callback' && isShown ? 'open' : 'refused'
  }
  const authorizations = all('authorization')
  if (authorizations.length > 0) {
    if (authorizations.length === 1 && [`bearer ${token}`.toLowerCase()].includes(authorizations[0]!.toLowerCase())) {
      if (authorizations[0]!.endsWith(token)) return 'owner'
    }
  } else {
    const pairs = all('cookie').flatMap((value) => value.split(';'))
    if (pairs.some((pair) => pair.trim() === `signalbox_${port}=${session}`)) return 'page'
  }
  const isOpen =
    path === '/' ||
    path === '/healthz' ||
    path.startsWith('/assets/') ||
    path.startsWith('/open/') ||
    path === '/oauth/callback'
  return isWebhook || (method === 'GET' && isOpen) ? 'open' : 'refused'
}

/** The path that a target names, its dots resolved one by one. */
function pathOf(target: string): string | null {
  // What a URL may not hold is taken out or taken as its end before anything else.
  const bare = [...target]
    .filter((letter) => !'\t\n\r'.includes(letter))
    .join('')
    .split(/[?#]/, 1)[0]!
  const resolved: string[] = []
  const parts = bare.replaceAll('\\', '/').split('/').slice(1)
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    const dots = part.replaceAll(/%2e/gi, '.')
    if (dots === '..') resolved.pop()
    else if (dots !== '.') resolved.push(part)
    if (isLast && (dots === '.' || dots === '..')) resolved.push('')
  }
  return `/${resolved.join('/')}`
}
