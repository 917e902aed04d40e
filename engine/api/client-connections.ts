import type { Socket } from 'node:net'
import type { Caller } from '../gateway/caller.ts'

/** Connections that one client may hold open at once, streams included. */
export const mostPerClient = 64

/** Which connections are open for which client, whoever reads them: one client must not take those of all others. */
export class ClientConnections {
  readonly #open = new Map<string, Set<Socket>>()

  /** Counts a connection once its client is known; false where that client has too many. The owner may have any number. */
  admit(socket: Socket, { client }: Caller): boolean {
    if (client === null) return true
    const own = this.#open.get(client) ?? new Set()
    if (own.has(socket)) return true
    if (own.size >= mostPerClient) return false
    this.#open.set(client, own.add(socket))
    socket.once('close', () => {
      own.delete(socket)
      if (own.size === 0 && this.#open.get(client) === own) this.#open.delete(client)
    })
    return true
  }
}
