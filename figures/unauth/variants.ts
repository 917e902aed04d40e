import type { Target } from './targets.ts'

/** What an attacker may hold; each was good once or is good elsewhere. */
export interface Loot {
  readonly port: number
  readonly token: string
  readonly revokedToken: string
  /** Good for the gateway and for the client's own tasks. */
  readonly clientToken: string
  /** Good for the metrics. */
  readonly metricsToken: string
  readonly revokedClientToken: string
  /** Values of the cookie. */
  readonly session: string
  readonly revokedSession: string
  readonly expiredSession: string
}

export interface Variant {
  readonly name: string
  /**
   * `credentials`: only what lacks them is attacked, so the open routes are not; `scope`: what they do not open is;
   * `form`: every route is.
   */
  readonly kind: 'credentials' | 'scope' | 'form'
  /** Statuses of a refusal; 0: the connection is closed without an answer. */
  readonly refusals: readonly number[]
  /** Of a `scope`. */
  opens?(target: Target): boolean
  bytes(target: Target, loot: Loot): string
}

interface Parts {
  readonly method?: string
  readonly path?: string
  readonly version?: string
  readonly host?: string
  /** Header lines, each with its line end. */
  readonly headers?: string
  readonly body?: string
}

/** A request as an honest client would send it, apart from what is replaced. */
export function requestTo(target: Target, loot: Loot, parts: Parts = {}): string {
  const { method = target.method, path = target.path, version = '1.1', headers = '', body = '' } = parts
  const host = parts.host ?? `Host: 127.0.0.1:${loot.port}\r\n`
  const own = method === target.method ? target.headers : ''
  const close = own.includes('Connection:') ? '' : 'Connection: close\r\n'
  // With it nothing but the signature is missing.
  const type = target.isSigned && !/^content-type/im.test(headers) ? 'Content-Type: application/json\r\n' : ''
  return `${method} ${path} HTTP/${version}\r\n${host}${own}${type}${headers}${close}\r\n${body}`
}

export const bearer = ({ token }: Loot): string => `Authorization: Bearer ${token}\r\n`
const cookie = ({ port }: Loot, value: string): string => `Cookie: signalbox_${port}=${value}\r\n`

function credentials(name: string, headers: (loot: Loot) => string): Variant {
  const bytes = (target: Target, loot: Loot): string => requestTo(target, loot, { headers: headers(loot) })
  return { name, kind: 'credentials', refusals: [401], bytes }
}

function path(name: string, change: (path: string, loot: Loot) => string): Variant {
  const bytes = (target: Target, loot: Loot): string => requestTo(target, loot, { path: change(target.path, loot) })
  return { name, kind: 'credentials', refusals: [400, 401], bytes }
}

/** Sent with the owner's token: the form alone must be reason enough. */
function form(name: string, refusals: number[], parts: (target: Target, loot: Loot) => Parts): Variant {
  const bytes = (target: Target, loot: Loot): string => {
    const { headers = '', ...rest } = parts(target, loot)
    return requestTo(target, loot, { ...rest, headers: `${bearer(loot)}${headers}` })
  }
  return { name, kind: 'form', refusals, bytes }
}

const host = (name: string, lines: (loot: Loot) => string, refusals = [403]): Variant =>
  form(name, refusals, (_target, loot) => ({ host: lines(loot) }))
const header = (name: string, lines: (loot: Loot) => string): Variant =>
  form(name, [403], (_target, loot) => ({ headers: lines(loot) }))

/** A page of another site can send these without asking, and a browser would add the cookie of an old page. */
const simpleBody = (name: string, type: string, body: string): Variant => ({
  name,
  kind: 'form',
  // 404 and 403: there is no such route to write to, or it is not the page's; 401: a page has no business there at all.
  refusals: [401, 403, 404, 415],
  bytes: (target, loot) =>
    requestTo(target, loot, {
      method: target.method === 'GET' ? 'POST' : target.method,
      headers: `${cookie(loot, loot.session)}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`,
      body,
    }),
})

/** A request hidden in another; the hidden one carries the token, so that it would show. */
function smuggled(name: string, headers: string, around: (hidden: string) => string): Variant {
  const bytes = (target: Target, loot: Loot): string => {
    const hidden = `GET /api/v1/snapshot HTTP/1.1\r\nHost: 127.0.0.1:${loot.port}\r\n${bearer(loot)}\r\n`
    const body = around(hidden)
    const lines = headers.replaceAll('LENGTH', String(body.length))
    return requestTo(target, loot, { method: 'POST', headers: `${bearer(loot)}${lines}`, body }).replace(
      'Connection: close',
      'Connection: keep-alive',
    )
  }
  return { name, kind: 'form', refusals: [0, 400], bytes }
}

const evil = 'evil.example'

export const variants: readonly Variant[] = [
  credentials('no token', () => ''),
  credentials('an empty token', () => 'Authorization: Bearer \r\n'),
  credentials('a wrong token', () => `Authorization: Bearer ${'x'.repeat(43)}\r\n`),
  credentials('a token and a letter', ({ token }) => `Authorization: Bearer ${token}x\r\n`),
  credentials('a token without its last letter', ({ token }) => `Authorization: Bearer ${token.slice(0, -1)}\r\n`),
  credentials('a revoked token', ({ revokedToken }) => `Authorization: Bearer ${revokedToken}\r\n`),
  credentials('a revoked token of a client', (loot) => `Authorization: Bearer ${loot.revokedClientToken}\r\n`),
  {
    name: 'the token of a client',
    kind: 'scope',
    refusals: [403],
    opens: ({ isForClients }) => isForClients,
    bytes: (target, loot) => requestTo(target, loot, { headers: `Authorization: Bearer ${loot.clientToken}\r\n` }),
  },
  {
    name: 'the token for the metrics',
    kind: 'scope',
    refusals: [403],
    opens: ({ isForMetrics }) => isForMetrics,
    bytes: (target, loot) => requestTo(target, loot, { headers: `Authorization: Bearer ${loot.metricsToken}\r\n` }),
  },
  credentials('another scheme', ({ token }) => `Authorization: Basic ${token}\r\n`),
  credentials('two tokens', (loot) => `${bearer(loot)}Authorization: Bearer x\r\n`),
  credentials('a made-up session', (loot) => cookie(loot, 'x'.repeat(43))),
  credentials('the token as a session', (loot) => cookie(loot, loot.token)),
  credentials('a session as the token', ({ session }) => `Authorization: Bearer ${session}\r\n`),
  credentials('an expired session', (loot) => cookie(loot, loot.expiredSession)),
  credentials('a session of an earlier start', (loot) => cookie(loot, loot.revokedSession)),
  credentials('a session of another port', ({ port, session }) => `Cookie: signalbox_${port + 1}=${session}\r\n`),
  credentials('a wrong token beside a session', (loot) => `Authorization: Bearer x\r\n${cookie(loot, loot.session)}`),
  credentials('the token in a header of its own', ({ token }) => `X-Api-Key: ${token}\r\nX-Token: ${token}\r\n`),
  credentials('a method override', () => 'X-HTTP-Method-Override: GET\r\nX-Method-Override: GET\r\n'),
  credentials('forwarding headers', () => 'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: localhost\r\n'),
  credentials('a rewritten target', () => 'X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\n'),
  path('a token in the query', (to, { token }) => `${to}?token=${token}`),
  path('an access_token in the query', (to, { token }) => `${to}?access_token=${token}`),
  path('a method override in the query', (to) => `${to}?_method=GET`),
  path('a way around by dots', (to) => `/assets/..${to}`),
  path('a way around by encoded dots', (to) => `/open/%2e%2e${to}`),
  path('a way around by backslashes', (to) => `/assets\\..${to.replaceAll('/', '\\')}`),
  path('a doubled slash', (to) => `/${to}`),
  path('capital letters', (to) => `/${to.slice(1).toUpperCase()}`),
  host('a foreign Host', () => `Host: ${evil}\r\n`),
  host('a foreign Host with our port', ({ port }) => `Host: ${evil}:${port}\r\n`),
  host('a name that begins as ours', ({ port }) => `Host: localhost.${evil}:${port}\r\n`),
  host('a dotted Host', ({ port }) => `Host: localhost.:${port}\r\n`),
  host('our address as one number', ({ port }) => `Host: 2130706433:${port}\r\n`),
  host('the address of all interfaces', ({ port }) => `Host: 0.0.0.0:${port}\r\n`),
  host('a Host without our port', () => 'Host: 127.0.0.1\r\n'),
  host('a Host with a user', ({ port }) => `Host: ${evil}@127.0.0.1:${port}\r\n`),
  host('no Host', () => '', [400, 403]),
  host('two Hosts, ours first', ({ port }) => `Host: 127.0.0.1:${port}\r\nHost: ${evil}\r\n`, [400, 403]),
  host('two Hosts, ours last', ({ port }) => `Host: ${evil}\r\nHost: 127.0.0.1:${port}\r\n`, [400, 403]),
  form('an absolute-form target', [400], (target) => ({ path: `http://${evil}${target.path}` })),
  form('our address in absolute form', [400], (target, { port }) => ({
    path: `http://127.0.0.1:${port}${target.path}`,
  })),
  form('HTTP/1.0 without Host', [403], () => ({ version: '1.0', host: '' })),
  form('HTTP/1.0 with a foreign Host', [403], () => ({ version: '1.0', host: `Host: ${evil}\r\n` })),
  form('an unknown version', [0, 400, 505], () => ({ version: '3.7' })),
  form('CONNECT', [0, 400, 401, 404, 405], () => ({ method: 'CONNECT' })),
  header('a foreign Origin', () => `Origin: http://${evil}\r\n`),
  header('the Origin null', () => 'Origin: null\r\n'),
  header('an empty Origin', () => 'Origin: \r\n'),
  header('an Origin that begins as ours', ({ port }) => `Origin: http://127.0.0.1:${port}.${evil}\r\n`),
  header('an Origin that ends as ours', ({ port }) => `Origin: http://${evil}#http://127.0.0.1:${port}\r\n`),
  header('our Origin by https', ({ port }) => `Origin: https://127.0.0.1:${port}\r\n`),
  header('our Origin on another port', ({ port }) => `Origin: http://127.0.0.1:${port + 1}\r\n`),
  header('our Origin and another', ({ port }) => `Origin: http://127.0.0.1:${port}\r\nOrigin: http://${evil}\r\n`),
  header('an Origin of an extension', () => 'Origin: chrome-extension://abcdefghijklmnop\r\n'),
  header('a fetch from another site', () => 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n'),
  header('a fetch from the same site', () => 'Sec-Fetch-Site: same-site\r\n'),
  header('a link from another site', () => 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n'),
  {
    name: 'a name that turns to our address between two requests',
    kind: 'form',
    refusals: [403],
    bytes: (target, loot) => {
      const rebound = { host: `Host: ${evil}:${loot.port}\r\n`, headers: `Origin: http://${evil}:${loot.port}\r\n` }
      const first = `GET / HTTP/1.1\r\n${rebound.host}\r\n`
      return first + requestTo(target, loot, { ...rebound, headers: `${rebound.headers}${cookie(loot, loot.session)}` })
    },
  },
  simpleBody('a form body', 'application/x-www-form-urlencoded', 'agent=echo&action=echo'),
  simpleBody('a text body', 'text/plain', '{"agent":"echo","action":"echo","parameters":{}}'),
  simpleBody('a multipart body', 'multipart/form-data; boundary=b', '--b\r\n\r\nx\r\n--b--\r\n'),
  form('headers over 16 KB', [431], () => ({ headers: `X-Long: ${'x'.repeat(17_000)}\r\n` })),
  form('a target over 16 KB', [431], (target) => ({ path: `${target.path}?${'x'.repeat(17_000)}` })),
  // 400: a DELETE at the gateway is refused for want of a session before its body is looked at.
  form('a body that says it is over every limit', [400, 404, 413], (target) => ({
    method: target.method === 'GET' ? 'POST' : target.method,
    headers: `Content-Type: application/json\r\nContent-Length: ${26 * 1024 * 1024}\r\n`,
  })),
  smuggled(
    'a length beside chunks',
    'Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n',
    (h) => `0\r\n\r\n${h}`,
  ),
  smuggled('two lengths', 'Content-Length: 0\r\nContent-Length: LENGTH\r\n', (hidden) => hidden),
  smuggled('a length with a sign', 'Content-Length: +LENGTH\r\n', (hidden) => hidden),
  smuggled('chunks with a space before the colon', 'Transfer-Encoding : chunked\r\n', (h) => `0\r\n\r\n${h}`),
  smuggled('chunks that are not the last coding', 'Transfer-Encoding: chunked, identity\r\n', (h) => `0\r\n\r\n${h}`),
  {
    name: 'a second request behind a refused one',
    kind: 'form',
    refusals: [403],
    bytes: (target, loot) =>
      `${requestTo(target, loot, { host: `Host: ${evil}\r\n` }).replace('Connection: close', 'Connection: keep-alive')}` +
      `GET /api/v1/snapshot HTTP/1.1\r\nHost: 127.0.0.1:${loot.port}\r\n${bearer(loot)}Connection: close\r\n\r\n`,
  },
]

/** Begins a request and never ends its headers. */
export const slowHeaders: Variant = {
  name: 'headers that never end',
  kind: 'form',
  refusals: [0, 408],
  bytes: (target, loot) => requestTo(target, loot, { headers: bearer(loot) }).trimEnd(),
}
