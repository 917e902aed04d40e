import { isObject } from './json-object.ts'
import type { Answer, ForwardOptions, JsonObject, Link, LinkInfo, RawAnswer, RequestOptions } from './link.ts'
import { ListTtl } from './list-ttl.ts'
import { metaKeys } from './protocol.ts'
import type { Rpc } from './rpc.ts'
import type { Transport } from './transport.ts'

/** A link whose handshake is done. On a modern one, every request carries the envelope. */
export class RpcLink implements Link {
  readonly info: LinkInfo
  readonly #rpc: Rpc
  readonly #transport: Transport
  readonly #envelope: JsonObject | null
  /** The members of `_meta` that are ours, as JSON: those of the envelope or, for a legacy server, none of them. */
  readonly #ownMeta: Readonly<Record<string, string | undefined>>
  readonly #onDispose: () => void
  readonly #listTtl = new ListTtl()

  constructor(rpc: Rpc, transport: Transport, info: LinkInfo, envelope: JsonObject | null, onDispose: () => void) {
    this.info = info
    this.#rpc = rpc
    this.#transport = transport
    this.#envelope = envelope
    this.#onDispose = onDispose
    this.#ownMeta = Object.fromEntries(
      Object.values(metaKeys).map((key) => [
        key,
        envelope?.[key] === undefined ? undefined : JSON.stringify(envelope[key]),
      ]),
    )
  }

  get renewals(): number {
    return this.#transport.renewals
  }

  /** Milliseconds for which what the server has listed stays good. */
  get listTtlMs(): number {
    return this.#listTtl.ms
  }

  async request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer> {
    const answer = await this.#rpc.request(method, this.#enveloped(params), options)
    if (answer.kind === 'result' && method.endsWith('/list')) {
      this.#listTtl.note(method, answer.result.ttlMs)
      if (method === 'tools/list' && Array.isArray(answer.result.tools)) {
        this.#transport.toolsListed(answer.result.tools)
      }
    }
    return answer
  }

  forward(method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer> {
    const meta = this.#envelope !== null && options.meta ? { ...this.#ownMeta, ...options.meta } : this.#ownMeta
    return this.#rpc.forward(method, paramsText, meta, options)
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#rpc.notify(method, params)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onDispose()
    this.#rpc.dispose()
    await this.#transport[Symbol.asyncDispose]()
  }

  #enveloped(params: JsonObject): JsonObject {
    if (this.#envelope === null) return params
    return { ...params, _meta: { ...(isObject(params._meta) ? params._meta : {}), ...this.#envelope } }
  }
}
