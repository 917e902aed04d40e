import type { IncomingMessage } from 'node:http'
import { failureOf } from '../../shared/app-error.ts'
import { legacyVersions } from '../links/protocol.ts'
import type { CallTracing, RunningSpan } from '../metrics/trace-context.ts'
import { type ClientFacts, errorOf, type MethodHandler, type MethodSet, type Reply, type Scope } from './call.ts'
import { endSpan, requestSpan } from './call-trace.ts'
import type { Caller } from './caller.ts'
import { ClientCall, responseText } from './client-call.ts'
import { errorCodes } from './error-codes.ts'
import { Exchange } from './exchange.ts'
import type { HttpHead, HttpReply } from './http-reply.ts'
import { type Body, type Incoming, type IncomingRequest, readBody } from './incoming.ts'
import { LegacySessions, type Session } from './legacy-sessions.ts'
import { isModernMessage, readEnvelope } from './modern-rules.ts'

export const longestBody = 8 * 1024 * 1024
/** A client that waits longer than this hears that it is heard, and again each time. */
const keepAliveMs = 15_000

interface EndpointParts {
  readonly methods: readonly MethodSet[]
  /** JSON of our name and version. */
  readonly serverInfo: string
  /** The answer to `initialize` or `server/discover`. */
  describe(asked: Opening): Reply
  /** A request came: whose, and what it said about itself. */
  onSeen(caller: Caller, client: ClientFacts): void
  /** Whose last session ended. */
  onLeft(caller: Caller): void
  /** What tells later who made a request, as things stand then. */
  recall(request: HttpHead, caller: Caller): () => Caller | null
  /** Null: requests are part of no trace. */
  readonly tracing: CallTracing | null
  report(error: unknown, where: string): void
}

/** Who asks for the description of the gateway, and where. */
export interface Opening {
  readonly caller: Caller
  readonly scope: Scope
  readonly client: ClientFacts
}

/** The `MCP` of both eras on `POST`, `GET` and `DELETE`. Who asks, and for what, has been judged before. */
export class Endpoint implements Disposable {
  readonly sessions: LegacySessions
  readonly #parts: EndpointParts
  readonly #methods: ReadonlyMap<string, MethodHandler>
  readonly #open = new Set<Exchange>()
  /** Modern calls that last until they are closed, each with what tells who made it. */
  readonly #lasting = new Map<ClientCall, () => Caller | null>()
  readonly #keepAlive: NodeJS.Timeout

  constructor(parts: EndpointParts) {
    this.#parts = parts
    this.sessions = new LegacySessions((caller) => parts.onLeft(caller))
    this.#methods = new Map(parts.methods.flatMap(({ methods }) => Object.entries(methods)))
    this.#keepAlive = setInterval(() => this.#showLife(), keepAliveMs)
    this.#keepAlive.unref()
  }

  handle(request: IncomingMessage, response: HttpReply, caller: Caller, scope: Scope): void {
    switch (request.method) {
      case 'POST':
        this.#post(request, response, caller, scope)
        return
      case 'GET':
        this.#get(request, response, caller, scope)
        return
      case 'DELETE':
        this.#delete(request, response, caller, scope)
        return
      default:
        refuse(response, 405, errorCodes.transport, 'Method not allowed', { allow: 'POST, GET, DELETE' })
    }
  }

  /** After a change of grants: whoever is granted nothing any more is told nothing more. */
  recall(): void {
    this.sessions.recall()
    for (const [call, recall] of this.#lasting) {
      const caller = recall()
      if (caller === null) call.cancel()
      else call.caller = caller
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#keepAlive)
    this.sessions[Symbol.dispose]()
  }

  /** A POST whose body is there. */
  take(bytes: Buffer, request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    if (isJson(request.headers['content-type'])) this.#take(readBody(bytes), request, response, caller, scope)
    else refuse(response, 415, errorCodes.transport, 'Unsupported Media Type: send application/json')
  }

  #post(request: IncomingMessage, response: HttpReply, caller: Caller, scope: Scope): void {
    readBytes(request, (bytes) => {
      if (bytes !== null) {
        this.take(bytes, request, response, caller, scope)
        return
      }
      // The rest of it stays unread, so the connection is of no more use.
      const message = `The body is larger than ${longestBody / 1024 / 1024} MB`
      refuse(response, 413, errorCodes.transport, message, { connection: 'close' })
    })
  }

  #take(body: Body, request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    if (body.kind === 'refused') {
      refuse(response, 400, body.code, body.message, {}, body.idText)
      return
    }
    const { messages, isBatch } = body
    const { headers } = request
    if (messages.some((message) => isModernMessage(message, headers))) {
      if (isBatch) refuse(response, 400, errorCodes.invalidRequest, 'Invalid Request: this revision has no batches')
      else this.#takeModern(messages[0]!, request, response, caller, scope)
      return
    }
    const [first] = messages
    if (first?.kind === 'request' && first.method === 'initialize') {
      if (isBatch) refuse(response, 400, errorCodes.invalidRequest, 'Invalid Request: initialize stands alone')
      else this.#initialize(first, request, response, caller, scope)
      return
    }
    const session = this.#sessionOf(request, response, caller, scope)
    if (session !== null) this.#takeLegacy(session, messages, isBatch, request, response)
  }

  #takeModern(message: Incoming, request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    if (message.kind !== 'request') {
      // Cancelling is closing the stream; nothing else that a client may tell needs an answer.
      response.writeHead(202).end()
      return
    }
    const { headers } = request
    const read = readEnvelope(message.method, message.params, headers)
    const exchange = this.#exchange(response, headers.accept)
    if (read.kind === 'refused') {
      exchange.finish(`{"jsonrpc":"2.0","id":${message.idText},"error":${read.reply.text}}`, 400)
      return
    }
    const { client } = read
    this.#parts.onSeen(caller, client)
    if (message.method === 'server/discover') {
      const reply = this.#parts.describe({ caller, scope, client })
      exchange.finish(responseText(message.idText, reply, client, this.#parts.serverInfo))
      return
    }
    const handler = this.#methods.get(message.method)
    if (handler === undefined || legacyOnly.has(message.method)) {
      const { text } = unknownMethod(message.method)
      exchange.finish(`{"jsonrpc":"2.0","id":${message.idText},"error":${text}}`, 404)
      return
    }
    const call = new ClientCall({ caller, scope, client, session: null, headers }, message, exchange)
    exchange.onGone(() => call.cancel())
    if (message.method === 'subscriptions/listen') this.#lasting.set(call, this.#parts.recall(request, caller))
    void this.#answer(call, handler).then((reply) => {
      if (!exchange.isOver) {
        const status = reply.kind === 'error' ? (reply.status ?? 200) : 200
        exchange.finish(responseText(message.idText, reply, client, this.#parts.serverInfo), status)
      }
      this.#open.delete(exchange)
      this.#lasting.delete(call)
    })
  }

  #initialize(message: IncomingRequest, request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    const { protocolVersion, capabilities, clientInfo } = message.params
    const asked = (legacyVersions as readonly unknown[]).includes(protocolVersion)
    const client: ClientFacts = {
      era: 'legacy',
      protocolVersion: asked ? (protocolVersion as string) : legacyVersions[0],
      capabilities: isRecord(capabilities) ? capabilities : {},
      implementation:
        isRecord(clientInfo) && typeof clientInfo.name === 'string'
          ? { name: clientInfo.name, version: typeof clientInfo.version === 'string' ? clientInfo.version : '' }
          : null,
    }
    this.#parts.onSeen(caller, client)
    const session = this.sessions.begin(client, scope, caller, this.#parts.recall(request, caller))
    const reply = this.#parts.describe({ caller, scope, client })
    const exchange = new Exchange(response, false, { 'mcp-session-id': session.id })
    exchange.finish(responseText(message.idText, reply, client, this.#parts.serverInfo))
  }

  #takeLegacy(
    session: Session,
    messages: readonly Incoming[],
    isBatch: boolean,
    { headers }: HttpHead,
    response: HttpReply,
  ): void {
    const requests: IncomingRequest[] = []
    for (const message of messages) {
      if (message.kind === 'request') requests.push(message)
      else this.#note(session, message)
    }
    if (requests.length === 0) {
      response.writeHead(202).end()
      return
    }
    this.#parts.onSeen(session.caller, session.client)
    const exchange = this.#exchange(response, headers.accept)
    // A client that goes away has not cancelled; what it asked for goes on, and is on record.
    void this.#answerAll(session, requests, isBatch, exchange, headers).then((text) => {
      this.#open.delete(exchange)
      if (text === null) exchange.abandon()
      else exchange.finish(text)
    })
  }

  /** Null: none is answered. */
  #answerAll(
    session: Session,
    requests: readonly IncomingRequest[],
    isBatch: boolean,
    exchange: Exchange,
    headers: HttpHead['headers'],
  ): Promise<string | null> {
    if (!isBatch) return this.#answerLegacy(session, requests[0]!, exchange, headers)
    const replies = requests.map((request) => this.#answerLegacy(session, request, exchange, headers))
    return Promise.all(replies).then((texts) => {
      const answered = texts.filter((text) => text !== null)
      return answered.length === 0 ? null : `[${answered.join(',')}]`
    })
  }

  /** Null: it was cancelled, and is not answered. */
  async #answerLegacy(
    session: Session,
    request: IncomingRequest,
    exchange: Exchange,
    headers: HttpHead['headers'],
  ): Promise<string | null> {
    const { client, caller, scope } = session
    const { serverInfo } = this.#parts
    const handler = this.#methods.get(request.method)
    if (handler === undefined) return responseText(request.idText, unknownMethod(request.method), client, serverInfo)
    const call = new ClientCall({ caller, scope, client, session, headers }, request, exchange)
    session.requests.set(request.idText, call)
    const reply = await this.#answer(call, handler)
    // A client that uses an id twice at once has given up the first.
    if (session.requests.get(request.idText) === call) session.requests.delete(request.idText)
    return call.isCancelled ? null : responseText(request.idText, reply, client, serverInfo)
  }

  #answer(call: ClientCall, handler: MethodHandler): Promise<Reply> {
    const { tracing } = this.#parts
    // A call of a tool is a task, whose spans tell of it.
    const span = tracing?.isOn && call.method !== 'tools/call' ? requestSpan(tracing, call) : null
    return span === null ? this.#replyTo(call, handler) : this.#tracedReplyTo(call, handler, span)
  }

  async #tracedReplyTo(call: ClientCall, handler: MethodHandler, span: RunningSpan): Promise<Reply> {
    call.trace = span.context
    const reply = await this.#replyTo(call, handler)
    endSpan(span, reply)
    return reply
  }

  async #replyTo(call: ClientCall, handler: MethodHandler): Promise<Reply> {
    try {
      return await handler(call)
    } catch (error) {
      this.#parts.report(error, `the gateway's ${call.method}`)
      return errorOf(errorCodes.internal, failureOf(error).message)
    }
  }

  #note(session: Session, message: Exclude<Incoming, { kind: 'request' }>): void {
    if (message.kind === 'answer') {
      session.answer(message.id, message.answer)
      return
    }
    if (message.method === 'notifications/cancelled') {
      const { requestId } = message.params
      for (const [idText, call] of session.requests) if (JSON.parse(idText) === requestId) call.cancel()
      return
    }
    for (const { notifications } of this.#parts.methods) notifications?.[message.method]?.(session, message.params)
  }

  #get(request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    if (!accepts(request.headers.accept, 'text/event-stream')) {
      refuse(response, 406, errorCodes.transport, 'Not Acceptable: the stream is text/event-stream')
      return
    }
    this.#sessionOf(request, response, caller, scope)?.open(response)
  }

  #delete(request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): void {
    const session = this.#sessionOf(request, response, caller, scope)
    if (session === null) return
    this.sessions.end(session)
    response.writeHead(204).end()
  }

  /** The session that a request names, or null once the request is refused. */
  #sessionOf(request: HttpHead, response: HttpReply, caller: Caller, scope: Scope): Session | null {
    const { 'mcp-session-id': id, 'mcp-protocol-version': version } = request.headers
    if (typeof id !== 'string') {
      const hint = 'Bad Request: Mcp-Session-Id is missing; send initialize first'
      refuse(response, 400, errorCodes.transport, hint)
      return null
    }
    if (version !== undefined && !(legacyVersions as readonly unknown[]).includes(version)) {
      const known = legacyVersions.join(', ')
      refuse(
        response,
        400,
        errorCodes.transport,
        `Bad Request: unsupported protocol version ${version} (known: ${known})`,
      )
      return null
    }
    const session = this.sessions.find(id, caller, scope)
    if (session === null) refuse(response, 404, errorCodes.sessionNotFound, 'Session not found')
    return session
  }

  #exchange(response: HttpReply, accept: string | undefined): Exchange {
    const exchange = new Exchange(response, accepts(accept, 'text/event-stream'))
    this.#open.add(exchange)
    response.on('close', () => this.#open.delete(exchange))
    return exchange
  }

  #showLife(): void {
    for (const exchange of this.#open) exchange.keepAlive()
    for (const session of this.sessions.all) session.keepAlive()
  }
}

/** Methods that the modern era has not. */
const legacyOnly: ReadonlySet<string> = new Set([
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
])

function unknownMethod(method: string): Reply {
  return errorOf(errorCodes.methodNotFound, `Method not found: ${method}`)
}

/** Hands over the whole body, or null as soon as it is too large. */
function readBytes(request: IncomingMessage, done: (bytes: Buffer | null) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) {
    done(null)
    return
  }
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= longestBody) chunks.push(chunk)
    else if (length - chunk.length <= longestBody) done(null)
  })
  request.on('end', () => {
    if (length <= longestBody) done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
  })
}

function isJson(type: string | undefined): boolean {
  return type === 'application/json' || type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}

function accepts(accept: string | undefined, type: string): boolean {
  return accept === undefined ? false : accept.includes(type) || accept.includes('*/*')
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(
  response: HttpReply,
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  idText = 'null',
): void {
  const body = `{"jsonrpc":"2.0","id":${idText},"error":${JSON.stringify({ code, message })}}`
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
