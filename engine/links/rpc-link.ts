import { isObject } from './json-object.ts'
import type { Answer, JsonObject, Link, LinkInfo, RequestOptions } from './link.ts'
import type { Rpc } from './rpc.ts'
import type { Transport } from './transport.ts'

/** A link whose handshake is done. On a modern one, every request carries the envelope. */
export class RpcLink implements Link {
  readonly info: LinkInfo
  readonly #rpc: Rpc
  readonly #transport: Transport
  readonly #envelope: JsonObject | null
  readonly #onDispose: () => void

  constructor(rpc: Rpc, transport: Transport, info: LinkInfo, envelope: JsonObject | null, onDispose: () => void) {
    this.info = info
    this.#rpc = rpc
    this.#transport = transport
    this.#envelope = envelope
    this.#onDispose = onDispose
  }

  async request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer> {
    const answer = await this.#rpc.request(method, this.#enveloped(params), options)
    if (method === 'tools/list' && answer.kind === 'result' && Array.isArray(answer.result.tools)) {
      this.#transport.toolsListed(answer.result.tools)
    }
    return answer
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
