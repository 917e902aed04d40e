import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { AppError } from '../../shared/app-error.ts'
import type { Caller } from '../gateway/caller.ts'
import type { Gateway } from '../gateway/create-gateway.ts'
import type { MetricsFace } from '../metrics/metrics.ts'
import { unexpectedCallback } from '../sign-in/callback-page.ts'
import { closedDoor, type WebhookDoor } from '../webhooks/webhook-door.ts'
import type { ApiRouter } from './api-router.ts'
import { ClientConnections, mostPerClient } from './client-connections.ts'
import { type GuardPolicy, isGatewayPath, judge, type Verdict } from './guard.ts'
import { maxBodyBytes } from './json-body.ts'
import { listenOn } from './own-port.ts'
import { PlainCalls } from './plain-calls.ts'
import { PlainConnections } from './plain-connections.ts'
import { problemContentType, problemOf } from './problem.ts'
import { contextOf, createRoutes, type FinishSignIn, type RequestFacts } from './routes.ts'
import { createRpcSockets } from './rpc-socket.ts'
import type { ScrapeMetrics } from './scrape-response.ts'
import { digestOf } from './secret.ts'
import { createSessions } from './sessions.ts'
import { ownerToken } from './token-file.ts'
import type { ReportDefect } from './wire-error.ts'
import { mostSockets, socketLimits } from './ws/socket-limits.ts'
import { clientIdOf, TopicSockets } from './ws/topic-sockets.ts'
import type { FactSource } from './ws/topic-sources.ts'

export interface HttpFaceOptions {
  readonly router: ApiRouter
  /** The way back from a sign-in; nothing waits there unless given. */
  readonly finishSignIn?: FinishSignIn
  /** Takes what is sent to `/webhooks/…`; without it nobody may send. */
  readonly webhooks?: WebhookDoor
  readonly home: string
  readonly version: string
  /** 0: any free one. */
  readonly port: number
  /** Folder of the built page; null: no page. */
  readonly pageDir: string | null
  readonly host?: '127.0.0.1'
  /** Serves `/mcp`; without it there is none. */
  readonly gateway?: Gateway
  /** Answers `/metrics`; without it there is nothing to read. */
  readonly metrics?: MetricsFace
  /** Told of defects; on stderr unless given. */
  readonly report?: ReportDefect
  /** What `events.<name>` tells. */
  readonly facts: FactSource
  /** Milliseconds between two pings on `/ws/{client_id}`; 30,000 unless given. */
  readonly heartbeatMs?: number
}

export interface HttpFace extends AsyncDisposable {
  /** Without a trailing slash and without a token. */
  readonly url: string
  readonly port: number
  readonly token: string
  /** A link that opens the page, good once and for a minute. */
  pageLink(): string
}

/** Opens the loopback server: the page, `/rpc`, `/api/v1`. Throws `port_taken`. */
export async function openHttpFace(options: HttpFaceOptions): Promise<HttpFace> {
  const {
    router,
    home,
    version,
    pageDir,
    gateway = null,
    metrics = null,
    host = '127.0.0.1',
    report = reportOnStderr,
  } = options
  const finishSignIn = options.finishSignIn ?? (async () => unexpectedCallback)
  const webhooks = options.webhooks ?? closedDoor
  const token = await ownerToken(home)
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 5_000,
  })
  // Each client holds a stream or two open, beside the sockets that follow topics.
  server.maxConnections = 512 + mostSockets
  server.keepAliveTimeout = 60_000
  await listenOn(server, options.port, host)

  const { port } = server.address() as AddressInfo
  const url = `http://${host}:${port}`
  const sessions = createSessions()
  // Cookies are kept per host, not per port: the name tells two programs on one machine apart.
  const cookieName = `signalbox_${port}`
  const policy: GuardPolicy = {
    port,
    tokenDigest: digestOf(token),
    cookieName,
    holdsSession: sessions.holds,
    callers: gateway?.book ?? null,
    webhookHosts: () => webhooks.options.hosts,
    isMetricsToken: (token) => metrics?.isMetricsToken(token) ?? false,
  }
  const scrape: ScrapeMetrics = async () => metrics?.scrape() ?? null
  const routes = createRoutes({
    router,
    version,
    url,
    pageDir,
    cookieName,
    sessions,
    finishSignIn,
    webhooks,
    scrape,
    report,
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes, perMessageDeflate: false })
  const serveSocket = createRpcSockets(router, report)
  const topicSockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketLimits.message_bytes,
    perMessageDeflate: false,
  })
  const { facts, heartbeatMs } = options
  const topics = new TopicSockets({ router, facts, book: gateway?.book ?? null, report, heartbeatMs })

  using stack = new DisposableStack()
  const connections = new ClientConnections()
  if (gateway !== null) {
    stack.use(new PlainConnections(server, stack.use(new PlainCalls(gateway, policy, connections)).serve))
  }
  server.on('request', (request, response) => {
    const verdict = judgeIncoming(request, policy)
    if (verdict.kind === 'refused') {
      metrics?.noteRefusal(verdict.code)
      return refuse(response, verdict)
    }
    if (verdict.caller !== null && !connections.admit(request.socket, verdict.caller)) {
      metrics?.noteRefusal(tooManyConnections.code)
      response.setHeader('connection', 'close')
      return refuse(response, tooManyConnections)
    }
    if (gateway !== null && verdict.caller !== null && isGatewayPath(verdict.path)) {
      serveGateway(gateway, request, response, verdict.path, verdict.caller)
      return
    }
    const facts = factsOf(request, verdict)
    // It answers every failure by itself; what is left is a reader that went away.
    void getRequestListener((fetched) => routes.fetch(fetched, facts))(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    const verdict = judgeIncoming(request, policy)
    if (verdict.kind === 'refused') {
      metrics?.noteRefusal(verdict.code)
      return refuseUpgrade(socket, verdict)
    }
    const facts = factsOf(request, verdict)
    if (request.url === '/rpc') {
      sockets.handleUpgrade(request, socket, head, (webSocket) => serveSocket(webSocket, contextOf(facts)))
      return
    }
    const clientId = clientIdOf(verdict.path)
    if (clientId === null) return refuseUpgrade(socket, unknownSocket)
    const refusal = topics.refusal(facts.client)
    if (refusal !== null) return refuseUpgrade(socket, refusal)
    topicSockets.handleUpgrade(request, socket, head, (webSocket) => {
      topics.serve(webSocket, socket, { request, clientId, client: facts.client, context: contextOf(facts) })
    })
  })

  const plain = stack.move()
  return {
    url,
    port,
    token,
    pageLink: () => `${url}/open/${sessions.newCode()}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      const open = [...sockets.clients, ...topicSockets.clients]
      for (const webSocket of open) webSocket.close(1001, 'Signalbox is stopping.')
      // Sockets leave the server's list on upgrade; a peer that does not answer the close is cut off.
      for (const webSocket of open) webSocket.terminate()
      topics[Symbol.dispose]()
      server.closeAllConnections()
      plain.dispose()
      await closed
    },
  }
}

/** Past Hono: a tool call is to cost little more than itself. */
function serveGateway(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  caller: Caller,
): void {
  const resolved = gateway.resolve(path, caller)
  switch (resolved.kind) {
    case 'scope':
      gateway.endpoint.handle(request, response, resolved.caller, resolved.scope)
      return
    case 'unknown':
      refuse(response, unknownPath(path))
      return
    case 'forbidden':
      refuse(response, notGranted)
      return
    default:
      resolved satisfies never
  }
}

const tooManyConnections: Refusal = {
  status: 429,
  code: 'too_many_client_connections',
  message: `This client has ${mostPerClient} connections open already`,
  hint: 'Close some of them: one connection serves any number of calls, one after the other.',
}

function unknownPath(path: string): Refusal {
  return {
    status: 404,
    code: 'unknown_route',
    message: `There is no server or profile at ${path}.`,
    hint: 'Use /mcp, /mcp/s/<server> or /mcp/p/<profile>.',
  }
}

const notGranted: Refusal = {
  status: 403,
  code: 'profile_not_granted',
  message: 'The profile of this token does not reach what this path serves.',
  hint: 'Use /mcp, or give the client a profile that does.',
}

type Refusal = Pick<AppError, 'status' | 'code' | 'message' | 'hint'>

function judgeIncoming(request: IncomingMessage, policy: GuardPolicy): Verdict {
  return judge({ method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders }, policy)
}

function factsOf(request: IncomingMessage, { access, caller }: Extract<Verdict, { kind: 'admitted' }>): RequestFacts {
  const face = request.headers['x-signalbox-face']
  return { access, face: typeof face === 'string' ? face : undefined, client: access === 'client' ? caller : null }
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = refusalBody(refusal)
  // Closed, so that the rest of a refused request is not read as the next one.
  response.writeHead(refusal.status, { ...refusalHeaders(refusal), connection: 'close' }).end(body)
}

const unknownSocket: Refusal = {
  status: 400,
  code: 'unknown_route',
  message: 'There is no WebSocket here.',
  hint: 'Connect to /ws/<a name of yours>: letters, digits, ".", "_", "~" and "-".',
}

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = refusalBody(refusal)
  const headers = { ...refusalHeaders(refusal), 'content-length': Buffer.byteLength(body), connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

function refusalBody({ code, message, hint, status }: Refusal): string {
  return JSON.stringify(problemOf(new AppError(code, message, { hint, status })))
}

function refusalHeaders({ status }: Refusal): Record<string, string> {
  return {
    'content-type': problemContentType,
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="signalbox"' } : {}),
  }
}

function reportOnStderr(error: unknown, where: string): void {
  console.error(`A defect in ${where}:`, error)
}
