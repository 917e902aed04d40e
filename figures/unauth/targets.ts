import { apiPrefix } from '../../engine/api/api-router.ts'
import { gatewayRoutes, isForClients, isForMetrics, openRoutes } from '../../engine/api/guard.ts'
import { openApiDocument } from '../../engine/api/openapi.ts'
import { streamPaths } from '../../engine/api/rest-streams.ts'
import { createRoutes } from '../../engine/api/routes.ts'
import { createSessions } from '../../engine/api/sessions.ts'
import { createTestRouter } from '../../engine/api/test-router.ts'
import { unexpectedCallback } from '../../engine/sign-in/callback-page.ts'
import { closedDoor } from '../../engine/webhooks/webhook-door.ts'

/** One thing to attack: a method and a path as a request names them. */
export interface Target {
  readonly name: string
  readonly method: string
  readonly path: string
  /** Headers that make it what it is: an upgrade, a stream. */
  readonly headers: string
  /** Whether the table of open routes lets anybody in. */
  readonly isOpen: boolean
  /** Whether a signature alone opens it, and not even the owner's token. */
  readonly isSigned: boolean
  /** Whether a client's token opens it: the gateway, and the client's own tasks. */
  readonly isForClients: boolean
  /** Whether the token for the metrics opens it. */
  readonly isForMetrics: boolean
}

/** Real things to name in a path, so that a hole would show. */
export interface Named {
  readonly serverId: string
  readonly taskId: string
  readonly asset: string
}

const upgrade = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
].join('\r\n')

/** Every route there is, from the contract, the routes of the face, its table of open routes and its streams. */
export async function allTargets(named: Named): Promise<Target[]> {
  const found = new Map<string, Target>()
  const add = (method: string, template: string, kind = '', headers = ''): void => {
    const path = fill(template, named)
    const name = `${method} ${template}${kind}`
    found.set(name, {
      name,
      method,
      path,
      headers,
      ...openness(method, path),
      isForClients: isForClients(method, path),
      isForMetrics: isForMetrics(method, path),
    })
  }

  for (const [path, methods] of Object.entries(await restPaths())) {
    for (const method of Object.keys(methods)) add(method.toUpperCase(), `${apiPrefix}${path}`)
  }
  for (const path of streamPaths) add('GET', `${apiPrefix}${path}`, ' as a stream', 'Accept: text/event-stream\r\n')
  for (const { method, path } of faceRoutes()) if (method !== 'ALL') add(method, path)
  for (const { method, path } of gatewayRoutes) add(method, path)
  for (const { method, path, below } of openRoutes) {
    for (const asked of [method, 'POST', 'GET']) add(asked, below ? `${path}:name` : path)
  }
  add('GET', '/rpc', ' as a socket', upgrade)
  add('GET', '/rpc')
  add('GET', '/ws/{client_id}', ' as a socket', upgrade)
  for (const path of ['/nothing', '/api', apiPrefix, `${apiPrefix}/nothing`, '/rpc/', '/assets']) add('GET', path)
  return [...found.values()]
}

async function restPaths(): Promise<Record<string, object>> {
  const document = await openApiDocument({ version: '0.0.0', url: 'http://localhost' })
  return (document as { paths: Record<string, object> }).paths
}

function faceRoutes(): { method: string; path: string }[] {
  const routes = createRoutes({
    router: createTestRouter().router,
    version: '0.0.0',
    url: 'http://localhost',
    pageDir: '.',
    cookieName: 'none',
    sessions: createSessions(),
    finishSignIn: async () => unexpectedCallback,
    webhooks: closedDoor,
    scrape: async () => null,
    report: () => {},
  })
  return routes.routes
}

function fill(template: string, { serverId, taskId, asset }: Named): string {
  const parts: Record<string, string> = {
    '{id}': encodeURIComponent(serverId),
    '{task_id}': taskId,
    ':name': asset,
    ':code': 'x'.repeat(43),
  }
  // Other parts name nothing that is there: what gets as far as looking for it has passed the guard.
  const path = template.replace(/\{\w+\}|:\w+/g, (name) => parts[name] ?? 'any')
  return path.startsWith('/open/') ? `/open/${parts[':code']}` : path
}

function openness(method: string, path: string): Pick<Target, 'isOpen' | 'isSigned'> {
  const found = openRoutes.find(
    (route) => route.method === method && (route.below ? path.startsWith(route.path) : path === route.path),
  )
  const isSigned = found?.isSigned ?? false
  return { isOpen: found !== undefined && !isSigned, isSigned }
}
