import type { Caller, CallerBook } from '../gateway/caller.ts'
import { matchesDigest } from './secret.ts'

/** What the guard looks at; nothing is parsed before it has said yes. */
export interface GuardedRequest {
  readonly method: string
  /** The request target as sent. */
  readonly target: string
  /** Names and values in turn, as sent, with repeats. */
  readonly rawHeaders: readonly string[]
}

export interface GuardPolicy {
  readonly port: number
  readonly tokenDigest: Buffer
  readonly cookieName: string
  holdsSession(sessionId: string): boolean
  /** Who the tokens of clients belong to; null: there are none. */
  readonly callers: Pick<CallerBook, 'callerOf'> | null
  /** Names under which a tunnel passes webhooks on to us; they open nothing else. */
  webhookHosts(): readonly string[]
  /** Whether a token reads the metrics, and nothing else. */
  isMetricsToken(token: string): boolean
}

export type Verdict =
  /** `path`: as routing sees it. `caller`: who may use the gateway with this, null where it is a page or nobody. */
  | { kind: 'admitted'; access: Access; path: string; caller: Caller | null }
  | { kind: 'refused'; status: 400 | 401 | 403; code: string; message: string; hint: string }

/** `owner`: the owner token; `page`: a page session; `client`: a client's token; `metrics`: the token for the metrics; `open`: nobody, on a route of the table. */
export type Access = 'owner' | 'page' | 'client' | 'metrics' | 'open'

const owner: Caller = { origin: 'owner', client: null, profile: null }

/** What the gateway answers to; other methods on these paths are refused by it. */
export const gatewayRoutes: readonly { method: string; path: string }[] = ['/mcp', '/mcp/s/{id}', '/mcp/p/any'].flatMap(
  (path) => ['POST', 'GET', 'DELETE'].map((method) => ({ method, path })),
)

/** The gateway's own paths. Tokens alone open them: a page has its own way to call tools. */
export function isGatewayPath(path: string): boolean {
  return path === '/mcp' || path.startsWith('/mcp/')
}

/** Where Prometheus reads. */
export const metricsPath = '/metrics'

interface OpenRoute {
  readonly method: string
  readonly path: string
  /** Whether all paths below `path` are meant, too. */
  readonly below: boolean
  /** Another site may lead a browser here. */
  readonly isLedTo?: true
  /** What proves the sender is a signature over the body, which the owner token does not replace. */
  readonly isSigned?: true
  readonly why: string
}

/** The only routes that answer without a token or a session. */
export const openRoutes: readonly OpenRoute[] = [
  { method: 'GET', path: '/healthz', below: false, why: 'answers 200 and nothing else' },
  { method: 'GET', path: '/', below: false, why: "the page's shell, the same for everybody" },
  { method: 'GET', path: '/assets/', below: true, why: "the page's shell, the same for everybody" },
  { method: 'GET', path: '/open/', below: true, why: 'the one-time link is the credential' },
  {
    method: 'GET',
    path: '/oauth/callback',
    below: false,
    isLedTo: true,
    why: 'where a sign-in leads back to: the `state` that we gave it, good once, is the credential',
  },
  {
    method: 'POST',
    path: '/webhooks/',
    below: true,
    isSigned: true,
    why: 'the signature over the body is the credential; it has a list of Hosts of its own, for tunnels',
  },
]

/** Decides over a request before any routing: its form, Host, Origin, fetch metadata, then who asks. */
export function judge(request: GuardedRequest, policy: GuardPolicy): Verdict {
  const path = routedPath(request.target)
  if (path === null) {
    return refused(400, 'bad_target', 'The request target must be a path.', 'Send the path alone, starting with "/".')
  }
  const { port } = policy
  const open = openRouteOf(request.method, path)
  const hosts = valuesOf(request, 'host')
  const furtherHosts = open?.isSigned ? policy.webhookHosts() : []
  if (hosts.length !== 1 || !isOwnHost(hosts[0]!.toLowerCase(), port, furtherHosts)) {
    const hint = open?.isSigned
      ? 'Add the name of the tunnel to the hosts of webhooks.'
      : `Use http://${ownNames[0]}:${port}.`
    return refused(403, 'foreign_host', 'The Host header does not name this program.', hint)
  }
  if (!valuesOf(request, 'origin').every((origin) => isOwnOrigin(origin, port))) {
    return refused(403, 'foreign_origin', 'Pages of other sites may not call this program.', 'Call it from a program.')
  }
  if (!valuesOf(request, 'sec-fetch-site').every((site) => site === 'none' || site === 'same-origin')) {
    if (open?.isLedTo && isNavigation(request)) return { kind: 'admitted', access: 'open', path, caller: null }
    return refused(403, 'foreign_site', 'Another site sent this request.', 'Open the address yourself.')
  }
  const authorization = valuesOf(request, 'authorization')
  const caller = authorization.length === 1 ? callerOf(authorization[0]!, policy) : null
  if (caller !== null) {
    const access = caller === owner ? 'owner' : 'client'
    if (access === 'owner' || isForClients(request.method, path)) return { kind: 'admitted', access, path, caller }
    return refused(
      403,
      'client_scope',
      "A client's token may call tools and read its own tasks, and nothing else.",
      'Use /mcp with it, or the owner token here.',
    )
  }
  if (authorization.length === 1 && isMetricsToken(authorization[0]!, policy)) {
    if (isForMetrics(request.method, path)) return { kind: 'admitted', access: 'metrics', path, caller: null }
    return refused(
      403,
      'metrics_scope',
      'The token for the metrics reads /metrics, and nothing else.',
      'Use the owner token here.',
    )
  }
  if (authorization.length === 0 && !isGatewayPath(path) && holdsSession(request, policy)) {
    return { kind: 'admitted', access: 'page', path, caller: null }
  }
  if (open !== undefined) return { kind: 'admitted', access: 'open', path, caller: null }
  if (isGatewayPath(path)) {
    return refused(
      401,
      'unauthorized',
      'This needs the token of a client.',
      'Send "Authorization: Bearer" with the token that the page of clients gave out.',
    )
  }
  return refused(
    401,
    'unauthorized',
    'This needs the owner token or a page session.',
    'Send "Authorization: Bearer" with the text of <home>/token, or open the page with "signalbox open".',
  )
}

/** What a client may read besides: its own tasks, as the router sees to. */
const ownTasks = /^\/api\/v1\/tasks(?:\/[0-9a-f-]{36})?$/

/** `/ws/{client_id}`: a client follows and asks there what it may, as the socket sees to. */
export const socketsPath = '/ws/'

/** Whether the token of a client opens a route. */
export function isForClients(method: string, path: string): boolean {
  return isGatewayPath(path) || (method === 'GET' && (ownTasks.test(path) || path.startsWith(socketsPath)))
}

/** The one route that the token for the metrics opens. */
export function isForMetrics(method: string, path: string): boolean {
  return method === 'GET' && path === metricsPath
}

function isMetricsToken(authorization: string, policy: GuardPolicy): boolean {
  const token = bearerOf(authorization)
  return token !== undefined && policy.isMetricsToken(token)
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(authorization)?.[1]
}

function callerOf(authorization: string, { tokenDigest, callers }: GuardPolicy): Caller | null {
  const token = bearerOf(authorization)
  if (token === undefined) return null
  return matchesDigest(token, tokenDigest) ? owner : (callers?.callerOf(token) ?? null)
}

function holdsSession(request: GuardedRequest, policy: GuardPolicy): boolean {
  const sessionIds = valuesOf(request, 'cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${policy.cookieName}=`))
    .map((pair) => pair.slice(policy.cookieName.length + 1))
  return sessionIds.some((id) => policy.holdsSession(id))
}

/** The path as routing will see it, with `..` resolved: judging another reading of it would open a way around. */
function routedPath(target: string): string | null {
  if (!target.startsWith('/')) return null
  // What holds nothing that parsing could change is not parsed: most calls come to such a path.
  if (/^(?:\/[A-Za-z0-9_-]+)+$/.test(target)) return target
  return URL.parse(`http://localhost${target}`)?.pathname ?? null
}

/** A person's browser shows the answer, and no page of another site can read it. */
function isNavigation(request: GuardedRequest): boolean {
  const only = (name: string, value: string): boolean => {
    const values = valuesOf(request, name)
    return values.length === 1 && values[0] === value
  }
  return only('sec-fetch-mode', 'navigate') && only('sec-fetch-dest', 'document')
}

function openRouteOf(method: string, path: string): OpenRoute | undefined {
  return openRoutes.find(
    (route) => route.method === method && (route.below ? path.startsWith(route.path) : path === route.path),
  )
}

const ownNames = ['127.0.0.1', 'localhost', '[::1]']

function isOwnHost(host: string, port: number, further: readonly string[] = []): boolean {
  return ownNames.some((name) => host === `${name}:${port}`) || further.includes(host)
}

function isOwnOrigin(origin: string, port: number): boolean {
  return origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length), port)
}

function valuesOf({ rawHeaders }: GuardedRequest, name: string): string[] {
  const values: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i]!
    // The length first: most names are told apart by it, for each of the five that every request is searched for.
    if (header.length === name.length && header.toLowerCase() === name) values.push(rawHeaders[i + 1]!)
  }
  return values
}

function refused(status: 400 | 401 | 403, code: string, message: string, hint: string): Verdict {
  return { kind: 'refused', status, code, message, hint }
}
