import type { IncomingHttpHeaders } from 'node:http'
import type { RequestId } from '../links/json-scan.ts'
import { edited, type Member, memberText } from '../links/json-text.ts'
import type { JsonObject } from '../links/link.ts'
import { metaKeys } from '../links/protocol.ts'
import type { TraceContext } from '../metrics/trace-context.ts'
import type { ClientAnswer, ClientFacts, GatewayCall, Reply, Scope } from './call.ts'
import type { Caller } from './caller.ts'
import type { Exchange } from './exchange.ts'
import type { IncomingRequest } from './incoming.ts'
import type { Cancellable, Session } from './legacy-sessions.ts'

interface CallParts {
  readonly caller: Caller
  readonly scope: Scope
  readonly client: ClientFacts
  readonly session: Session | null
  readonly headers: IncomingHttpHeaders
}

/** A request on its way through the gateway. */
export class ClientCall implements GatewayCall, Cancellable {
  /** Of a call that lasts, as its grants stand now. */
  caller: Caller
  readonly scope: Scope
  readonly client: ClientFacts
  readonly session: Session | null
  readonly headers: IncomingHttpHeaders
  readonly id: RequestId
  readonly idText: string
  readonly method: string
  readonly params: JsonObject
  readonly paramsText: string
  readonly paramsMembers: readonly Member[]
  trace: TraceContext | null = null
  readonly #exchange: Exchange
  /** Made when somebody wants to hear of it: most calls end without. */
  #abort: AbortController | null = null
  #isCancelled = false
  readonly #onCancel: (() => void)[] = []

  constructor({ caller, scope, client, session, headers }: CallParts, request: IncomingRequest, exchange: Exchange) {
    this.caller = caller
    this.scope = scope
    this.client = client
    this.session = session
    this.headers = headers
    this.id = request.id
    this.idText = request.idText
    this.method = request.method
    this.params = request.params
    this.paramsText = request.paramsText
    this.paramsMembers = request.paramsMembers
    this.#exchange = exchange
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController()
      if (this.#isCancelled) this.#abort.abort()
    }
    return this.#abort.signal
  }

  get isCancelled(): boolean {
    return this.#isCancelled
  }

  onCancel(listener: () => void): void {
    if (this.#isCancelled) listener()
    else this.#onCancel.push(listener)
  }

  cancel(): void {
    if (this.#isCancelled) return
    this.#isCancelled = true
    this.#abort?.abort()
    for (const listener of this.#onCancel) listener()
  }

  notify(method: string, paramsText: string): void {
    this.#exchange.send(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${paramsText}}`, true)
  }

  ask(method: string, paramsText: string, signal?: AbortSignal): Promise<ClientAnswer> {
    if (this.session === null) return Promise.resolve({ kind: 'unanswered', reason: 'no_session' })
    return this.session.ask(method, paramsText, (text) => this.#exchange.send(text, false), signal)
  }
}

const resultTypeMember = '"resultType"'

/** The JSON-RPC response, with what the client's era demands of a result and without what it does not know. */
export function responseText(idText: string, reply: Reply, { era }: ClientFacts, serverInfo: string): string {
  if (reply.kind === 'error') return `{"jsonrpc":"2.0","id":${idText},"error":${reply.text}}`
  const text = era === 'modern' ? modernResult(reply.text, serverInfo) : legacyResult(reply.text)
  return `{"jsonrpc":"2.0","id":${idText},"result":${text}}`
}

/** Says what kind of result it is, and that it comes from us. */
function modernResult(text: string, serverInfo: string): string {
  const meta = memberText(text, '_meta') ?? '{}'
  return edited(text, {
    ...(memberText(text, 'resultType') === undefined && { resultType: '"complete"' }),
    _meta: edited(meta.startsWith('{') ? meta : '{}', { [metaKeys.serverInfo]: serverInfo }),
  })
}

/** Takes out what a modern server says of itself and of the kind of its result: a legacy client talks to us. */
function legacyResult(text: string): string {
  if (!text.includes(metaKeys.serverInfo) && !text.includes(resultTypeMember)) return text
  const meta = memberText(text, '_meta')
  const isComplete = memberText(text, 'resultType') === '"complete"'
  const own = meta?.includes(metaKeys.serverInfo) ? edited(meta, { [metaKeys.serverInfo]: undefined }) : meta
  return edited(text, {
    ...(isComplete && { resultType: undefined }),
    ...(own !== meta && { _meta: own === '{}' ? undefined : own }),
  })
}
