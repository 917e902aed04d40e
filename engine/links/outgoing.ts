import type { RequestId } from './json-scan.ts'
import { onOneLine } from './json-text.ts'
import type { JsonObject } from './link.ts'

/** A message on its way to a server: as a value, or as a text that leaves as it was written. */
export class Outgoing {
  /** Null: an answer. */
  readonly method: string | null
  #message: JsonObject | null
  #text: string | null

  private constructor(method: string | null, message: JsonObject | null, text: string | null) {
    this.method = method
    this.#message = message
    this.#text = text
  }

  static of(message: JsonObject): Outgoing {
    return new Outgoing(typeof message.method === 'string' ? message.method : null, message, null)
  }

  static request(id: number, method: string, paramsText: string): Outgoing {
    const text = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${paramsText}}`
    return new Outgoing(method, null, text)
  }

  /** An answer to a request of the server's own. */
  static reply(id: RequestId, kind: 'result' | 'error', text: string): Outgoing {
    return new Outgoing(null, null, `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"${kind}":${text}}`)
  }

  get message(): JsonObject {
    this.#message ??= JSON.parse(this.text) as JsonObject
    return this.#message
  }

  /** On one line. */
  get text(): string {
    this.#text = this.#text === null ? JSON.stringify(this.#message) : onOneLine(this.#text)
    return this.#text
  }
}
