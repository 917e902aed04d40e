import { AppError, failureOf } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { isObject } from '../../links/json-object.ts'
import type { Link } from '../../links/link.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import { keepSubscribed } from './keep-subscribed.ts'
import { reach } from './reach.ts'

/** Told the address, as its server knows it, of a resource that changed. */
export type ResourceWatcher = (uri: string) => void

interface WatchedServer {
  readonly watchers: Map<string, Set<ResourceWatcher>>
  /** The link that the server's subscriptions were made over: those of an earlier one are gone. */
  link: Link | null
  /** How often the link had lost its session by then. */
  renewals: number
  /** The stream that a modern server tells changes on. */
  stream: AbortController | null
}

interface Parts {
  readonly supervisor: Supervisor
  report(error: unknown, where: string): void
}

/**
 * What clients watch, gathered: one subscription upstream for each address, however many clients want it. A legacy server
 * is subscribed to address by address, a modern one over a single stream for all.
 */
export class WatchedResources implements Disposable {
  readonly #parts: Parts
  readonly #servers = new Map<ServerId, WatchedServer>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Watches an address until what it returns is disposed of.
   * @throws AppError `not_watchable` where the server announces no such changes, and what keeps it from being reached.
   */
  async watch(id: ServerId, uri: string, watcher: ResourceWatcher, signal: AbortSignal): Promise<Disposable> {
    const reached = await reach(this.#parts.supervisor, id, signal)
    if (reached.kind === 'unreachable') {
      const { code, message, hint } = reached.failure
      throw new AppError(code, message, { hint })
    }
    const { link } = reached
    const offer = link.info.capabilities.resources
    if (!isObject(offer) || offer.subscribe !== true) {
      throw new AppError('not_watchable', `${id} does not announce changes of its resources`)
    }
    const server = this.#servers.get(id) ?? { watchers: new Map(), link: null, renewals: 0, stream: null }
    this.#servers.set(id, server)
    const watchers = server.watchers.get(uri) ?? new Set()
    const isFirst = watchers.size === 0
    server.watchers.set(uri, watchers.add(watcher))
    const release = { [Symbol.dispose]: () => this.#release(id, uri, watcher) }
    try {
      if (!isSubscribed(server, link)) await this.#renew(server, link)
      else if (isFirst) await this.#add(server, uri)
    } catch (error) {
      release[Symbol.dispose]()
      throw error
    }
    return release
  }

  /** A server says that a resource changed. */
  updated(id: ServerId, uri: string): void {
    for (const watcher of this.#servers.get(id)?.watchers.get(uri) ?? []) watcher(uri)
  }

  /** A server is ready, perhaps over another link than before: it is told anew what is watched. */
  ready(id: ServerId): void {
    const server = this.#servers.get(id)
    if (server === undefined) return
    const admission = this.#parts.supervisor.admit(id)
    if (admission.kind !== 'open' || isSubscribed(server, admission.link)) return
    // What changed since was told to nobody.
    const tellAll = (): void => {
      for (const uri of server.watchers.keys()) this.updated(id, uri)
    }
    this.#renew(server, admission.link).then(tellAll, (error: unknown) => {
      this.#parts.report(error, `what is watched at ${id}`)
    })
  }

  [Symbol.dispose](): void {
    for (const { stream } of this.#servers.values()) stream?.abort()
    this.#servers.clear()
  }

  async #renew(server: WatchedServer, link: Link): Promise<void> {
    server.link = link
    server.renewals = link.renewals
    server.stream?.abort()
    server.stream = null
    if (link.info.era === 'modern') this.#listen(server)
    else await Promise.all([...server.watchers.keys()].map((uri) => this.#add(server, uri)))
  }

  async #add(server: WatchedServer, uri: string): Promise<void> {
    const { link } = server
    if (link === null) return
    if (link.info.era === 'modern') {
      this.#listen(server)
      return
    }
    const answer = await link.request('resources/subscribe', { uri }, { timeoutMs: 30_000, maxTotalMs: 30_000 })
    if (answer.kind === 'result') return
    const message = answer.kind === 'error' ? answer.error.message : `no answer (${answer.kind})`
    throw new AppError('not_watchable', `The server does not announce changes of ${uri}: ${message}`)
  }

  /** One stream for all that is watched; a change of that opens another one before the old one ends. */
  #listen(server: WatchedServer): void {
    const { link, stream: before } = server
    const resourceSubscriptions = [...server.watchers.keys()]
    server.stream = null
    if (link !== null && resourceSubscriptions.length > 0) {
      const stream = new AbortController()
      server.stream = stream
      const onAgain = (): void => {
        for (const [uri, watchers] of server.watchers) for (const watcher of watchers) watcher(uri)
      }
      void keepSubscribed(link, { notifications: { resourceSubscriptions }, onAgain }, stream.signal)
    }
    before?.abort()
  }

  #release(id: ServerId, uri: string, watcher: ResourceWatcher): void {
    const server = this.#servers.get(id)
    const watchers = server?.watchers.get(uri)
    if (server === undefined || watchers === undefined || !watchers.delete(watcher) || watchers.size > 0) return
    server.watchers.delete(uri)
    if (server.link?.info.era === 'modern') this.#listen(server)
    else this.#forget(server, id, uri)
  }

  #forget({ link }: WatchedServer, id: ServerId, uri: string): void {
    const limits = { timeoutMs: 30_000, maxTotalMs: 30_000 }
    link?.request('resources/unsubscribe', { uri }, limits).catch((error: unknown) => {
      this.#parts.report(failureOf(error), `what is watched at ${id}`)
    })
  }
}

function isSubscribed(server: WatchedServer, link: Link): boolean {
  return server.link === link && server.renewals === link.renewals
}
