import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ORPCError } from '@orpc/client'
import type { WebSocket } from 'ws'
import { AppError } from '../../../shared/app-error.ts'
import { isGranted } from '../../../shared/client.ts'
import type { NewTask } from '../../../shared/task.ts'
import type { Caller, CallerBook } from '../../gateway/caller.ts'
import { type CallContext, contextOfClient } from '../../router.ts'
import { defect, fromWire } from '../wire-error.ts'
import { ClientViews, type View } from './client-view.ts'
import { mostSockets, mostSocketsOfAClient, socketLimits } from './socket-limits.ts'
import { SocketPeer } from './socket-peer.ts'
import { SocketSession } from './socket-session.ts'
import { TopicHub } from './topic-hub.ts'
import { clientOf, type SourceParts, TopicSources } from './topic-sources.ts'

export interface TopicSocketParts extends SourceParts {
  /** Who the tokens of clients belong to; null: there are none. */
  readonly book: CallerBook | null
  /** Milliseconds between two pings. */
  readonly heartbeatMs?: number
}

/** A request that the guard has let in. */
export interface AdmittedSocket {
  readonly request: IncomingMessage
  readonly clientId: string
  /** Null: the owner's token, or a page. */
  readonly client: Caller | null
  readonly context: CallContext
}

interface Connected {
  readonly peer: SocketPeer
  readonly view: View
}

const socketPath = /^\/ws\/([^/]{1,300})$/

/** The name that a caller gives itself in the path; null where the path is another, or the name is none. */
export function clientIdOf(path: string): string | null {
  const name = socketPath.exec(path)?.[1]
  if (name === undefined) return null
  return /^[\w.~-]{1,100}$/.test(name) ? name : null
}

/** The sockets of `/ws/{client_id}` and the topics that they follow. */
export class TopicSockets implements Disposable {
  readonly #parts: TopicSocketParts
  readonly #sources: TopicSources
  readonly #hub: TopicHub
  readonly #views: ClientViews | null
  readonly #connected = new Set<Connected>()
  readonly #stack = new DisposableStack()
  readonly #heartbeatMs: number

  constructor(parts: TopicSocketParts) {
    const { book, heartbeatMs = 30_000 } = parts
    this.#parts = parts
    this.#heartbeatMs = heartbeatMs
    this.#sources = new TopicSources(parts)
    this.#hub = this.#stack.use(new TopicHub(this.#sources))
    this.#views = book && new ClientViews(book)
    if (book !== null) this.#stack.use(book.onGrantsChanged(() => this.#refresh()))
    const timer = setInterval(() => {
      for (const { peer } of this.#connected) peer.beat()
    }, heartbeatMs)
    // The sockets keep the program running, their pings alone do not.
    timer.unref()
    this.#stack.defer(() => clearInterval(timer))
  }

  /** Why no more sockets are taken from this caller; null where one is. */
  refusal(client: Caller | null): AppError | null {
    if (this.#connected.size >= mostSockets) return tooManySockets(mostSockets)
    if (client === null) return null
    const own = [...this.#connected].filter(({ view }) => view?.caller.client === client.client).length
    return own >= mostSocketsOfAClient ? tooManySockets(mostSocketsOfAClient) : null
  }

  serve(webSocket: WebSocket, socket: Duplex, { request, clientId, client, context }: AdmittedSocket): void {
    const { router, report } = this.#parts
    const view = this.#viewOf(client, request)
    const peer = new SocketPeer(webSocket, socket, (subscription) => session.topicEnded(subscription))
    const session = new SocketSession({
      peer,
      hub: this.#hub,
      sources: this.#sources,
      view,
      api: clientOf(router, () => (view === null ? context : contextOfClient(view.caller)), report),
      allow: (call) => this.#allow(call, view),
      told: (error) => this.#told(error),
    })
    const connected = { peer, view }
    this.#connected.add(connected)
    // `ws` closes the socket by itself after an error, a frame over the limit for one; unheard it would end the program.
    webSocket.on('error', () => {})
    webSocket.once('close', () => {
      this.#connected.delete(connected)
      session[Symbol.dispose]()
    })
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) peer.close(1003, 'Only text messages are read.')
      else session.receive(String(data))
    })
    peer.say({
      type: 'welcome',
      client_id: clientId,
      epoch: this.#hub.epoch,
      heartbeat_s: this.#heartbeatMs / 1000,
      limits: { ...socketLimits },
    })
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }

  #viewOf(client: Caller | null, { headers }: IncomingMessage): View {
    if (client === null || client.client === null || this.#views === null) return null
    return this.#views.of(client.client, client, (headers.authorization ?? '').replace(/^Bearer /i, ''))
  }

  #refresh(): void {
    this.#views?.refresh()
    for (const { peer, view } of this.#connected) {
      if (view?.isRevoked) peer.close(1008, 'The token of this client is not valid any more.')
    }
  }

  /** A client calls what its profile grants, as at the gateway. */
  #allow({ agent, action }: NewTask, view: View): void {
    if (view === null) return
    const { client, profile } = view.caller
    if (!isGranted(profile, agent, action)) throw notGranted(agent, action)
    if (client !== null) this.#parts.book?.noteCall(client)
  }

  #told(error: unknown): AppError {
    if (error instanceof AppError) return error
    if (error instanceof ORPCError) return fromWire(error)
    this.#parts.report(error, 'a WebSocket')
    return defect()
  }
}

function tooManySockets(most: number): AppError {
  return new AppError('too_many_connections', `${most} connections are open already.`, {
    status: 503,
    hint: 'Close one of them: one connection can follow many topics.',
  })
}

function notGranted(agent: string, action: string): AppError {
  return new AppError('not_granted', `The profile of this token does not reach ${action} of ${agent}.`, {
    status: 403,
    hint: 'The page of clients shows what it reaches.',
  })
}
