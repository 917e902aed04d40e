import { isObject } from '../../engine/links/json-object.ts'
import type { ClientMessage } from './client-message.ts'

/**
 * What a legacy client said that a session holds, so that a new session of a restarted program can be brought to where
 * the old one was.
 */
export class SessionMemory {
  #opening: ClientMessage | null = null
  #isConfirmed = false
  #logLevel: ClientMessage | null = null
  readonly #subscriptions = new Map<string, ClientMessage>()

  /** Told of everything that the client sends. */
  note(message: ClientMessage): void {
    switch (message.method) {
      case 'initialize':
        this.#opening = message
        this.#isConfirmed = false
        this.#logLevel = null
        this.#subscriptions.clear()
        break
      case 'notifications/initialized':
        this.#isConfirmed = true
        break
      case 'logging/setLevel':
        this.#logLevel = message
        break
      case 'resources/subscribe':
        this.#subscriptions.set(uriOf(message), message)
        break
      case 'resources/unsubscribe':
        this.#subscriptions.delete(uriOf(message))
        break
    }
  }

  /** The `initialize` to send again; null before the client's own was followed by its confirmation. */
  get opening(): ClientMessage | null {
    return this.#isConfirmed ? this.#opening : null
  }

  /** What to send after it, in this order. */
  get rest(): ClientMessage[] {
    return [...(this.#logLevel === null ? [] : [this.#logLevel]), ...this.#subscriptions.values()]
  }
}

function uriOf({ value }: ClientMessage): string {
  return isObject(value.params) ? String(value.params.uri) : ''
}
