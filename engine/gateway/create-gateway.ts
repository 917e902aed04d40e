import { isGranted } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { JsonObject, LinkInfo, Listing } from '../links/link.ts'
import type { CallTracing } from '../metrics/trace-context.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { ServerBridge } from './bridge/create-bridge.ts'
import { ServedServers } from './bridge/served-servers.ts'
import { type GatewayCall, type MethodSet, type Reply, resultOf, type Scope } from './call.ts'
import type { Caller, CallerBook } from './caller.ts'
import { Catalog, type CatalogServer } from './catalog.ts'
import { Endpoint, type Opening } from './endpoint.ts'
import type { HttpHead } from './http-reply.ts'
import type { SlugBook } from './slug-book.ts'
import { listTtlMs, type ToolView, toolMethods, viewOf } from './tool-methods.ts'

interface GatewayParts {
  readonly version: string
  readonly supervisor: Supervisor
  readonly tasks: TaskRunner
  readonly slugs: Pick<SlugBook, 'of' | 'onSettled'>
  readonly book: CallerBook
  /** The methods beside those of tools, and what servers ask and tell by themselves. */
  readonly bridge: ServerBridge
  /** Null: calls are part of no trace. */
  readonly tracing: CallTracing | null
  /** Answers `resources/read` for an address of our own; null where it is none. */
  ownResource(call: GatewayCall, uri: string): Promise<Reply | null>
  report(error: unknown, where: string): void
}

export type ScopeOrRefusal =
  | { kind: 'scope'; scope: Scope; caller: Caller }
  | { kind: 'unknown' }
  | { kind: 'forbidden' }

/** Our MCP endpoint: every server that is on, for every client, in both eras. */
export class Gateway implements Disposable {
  readonly book: CallerBook
  readonly endpoint: Endpoint
  readonly #parts: GatewayParts
  readonly #listeners = new Set<() => void>()
  readonly #grants: Disposable
  readonly #names: Disposable
  readonly #entries = new Map<ServerId, Entry>()
  #catalog: Catalog | null = null
  #offered: ServedServers | null = null
  #announcing: NodeJS.Immediate | null = null

  constructor(parts: GatewayParts) {
    this.#parts = parts
    this.book = parts.book
    const catalog = (): Catalog => this.catalog
    const listText = (view: ToolView): string => this.#toolsText(view)
    const sets = [
      toolMethods({
        tasks: parts.tasks,
        book: parts.book,
        bridge: parts.bridge,
        tracing: parts.tracing,
        catalog,
        listText,
      }),
      sessionMethods,
      ...parts.bridge.attach({
        supervisor: parts.supervisor,
        served: () => this.#served,
        sessions: () => this.endpoint.sessions.all,
        ownResource: parts.ownResource,
        tracing: parts.tracing,
        toolsText: listText,
        report: parts.report,
      }),
    ]
    const serverInfo = { name: 'signalbox', title: 'Signalbox', version: parts.version }
    this.endpoint = new Endpoint({
      methods: sets,
      serverInfo: JSON.stringify(serverInfo),
      describe: (asked) => resultOf(description(asked, sets, serverInfo, this.#instructions(asked.scope))),
      onSeen: ({ client }, { era, protocolVersion, implementation }) => {
        if (client !== null) parts.book.noteSeen(client, { era, protocol_version: protocolVersion, implementation })
      },
      onLeft: (caller) => parts.supervisor.clientLeft(caller),
      recall: (request, caller) => this.#recall(request, caller),
      tracing: parts.tracing,
      report: parts.report,
    })
    this.#names = parts.slugs.onSettled(() => this.#changed())
    this.#grants = parts.book.onGrantsChanged(() => {
      this.endpoint.recall()
      this.#announce()
    })
  }

  /** Made anew after a change, when somebody asks. */
  get catalog(): Catalog {
    if (this.#catalog === null) {
      const servers = [...this.#entries.values()].sort((a, b) => a.number - b.number)
      this.#catalog = new Catalog(servers, this.#parts.slugs.of(servers))
    }
    return this.#catalog
  }

  get #served(): ServedServers {
    const open = [...this.#entries.values()].filter(({ closed }) => closed === null).sort((a, b) => a.number - b.number)
    this.#offered ??= new ServedServers(
      open.map(({ id, listing, info }) => ({ id, listing: listing!, info, slug: this.catalog.slug(id)! })),
    )
    return this.#offered
  }

  /** Something about a server changed; most of it changes nothing of what is served. */
  serverChanged(server: Server): void {
    if (server.state === 'ready') this.#parts.bridge.serverReady(server.id)
    const entry = this.#entry(server)
    const before = this.#entries.get(server.id)
    if (before !== undefined && isSameEntry(before, entry)) return
    this.#entries.set(server.id, entry)
    this.#changed()
  }

  serverRemoved(id: ServerId): void {
    if (this.#entries.delete(id)) this.#changed()
  }

  /** Told, once for many changes in a row, that what is served may be something else now. */
  onListsChanged(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** What a path stands for, for this caller: `/mcp`, `/mcp/s/<server>`, `/mcp/p/<profile>`. */
  resolve(path: string, caller: Caller): ScopeOrRefusal {
    if (path === '/mcp') return { kind: 'scope', scope: everything, caller }
    const [, kind, name] = /^\/mcp\/([sp])\/([^/]+)$/.exec(path) ?? []
    const id = name === undefined ? null : decoded(name)
    if (id === null) return { kind: 'unknown' }
    if (kind === 's') {
      const server = this.catalog.serverOf(id)
      if (server === null) return { kind: 'unknown' }
      // Not even what it says of itself is for those who may not reach it.
      if (!isGranted(caller.profile, server)) return { kind: 'forbidden' }
      return { kind: 'scope', scope: { kind: 'server', server }, caller }
    }
    const profile = this.book.profile(id as Parameters<CallerBook['profile']>[0])
    // A path narrows what a token grants; it never widens it.
    if (caller.profile !== null && caller.profile.id !== profile?.id) return { kind: 'forbidden' }
    return profile === null ? { kind: 'unknown' } : { kind: 'scope', scope: everything, caller: { ...caller, profile } }
  }

  [Symbol.dispose](): void {
    this.#grants[Symbol.dispose]()
    this.#names[Symbol.dispose]()
    if (this.#announcing !== null) clearImmediate(this.#announcing)
    this.endpoint[Symbol.dispose]()
  }

  /** The JSON of the tools that somebody is served now. */
  #toolsText(view: ToolView): string {
    return this.catalog.listText(viewOf(view), (server, uri) => this.#parts.bridge.servedUri(view, server, uri))
  }

  #recall({ headers, url = '' }: HttpHead, { origin, client }: Caller): () => Caller | null {
    const token = headers.authorization?.replace(/^Bearer /i, '') ?? ''
    const { pathname } = new URL(url, 'http://localhost')
    return () => {
      const caller = client === null ? { origin, client, profile: null } : this.book.callerOf(token)
      const resolved = caller === null ? null : this.resolve(pathname, caller)
      return resolved?.kind === 'scope' ? resolved.caller : null
    }
  }

  #changed(): void {
    this.#catalog = null
    this.#offered = null
    this.#announce()
  }

  #entry(server: Server): Entry {
    const { supervisor } = this.#parts
    const listing = supervisor.listing(server.id)
    return {
      id: server.id,
      number: server.number,
      slug: supervisor.spec(server.id)?.settings.slug ?? null,
      closed: closedBy(server, listing !== null),
      tools: listing?.tools ?? noTools,
      heldTools: supervisor.heldTools(server.id),
      listing,
      info: supervisor.info(server.id),
    }
  }

  #instructions(scope: Scope): string | null {
    return scope.kind === 'server' ? (this.#parts.supervisor.info(scope.server)?.instructions ?? null) : null
  }

  #announce(): void {
    this.#announcing ??= setImmediate(() => {
      this.#announcing = null
      for (const listener of this.#listeners) listener()
      this.#parts.bridge.listsChanged()
      for (const session of this.endpoint.sessions.all) {
        const served = session.served.get('tools/list')
        if (served === undefined || served === this.#toolsText(session)) continue
        // Told once; the next time is after it has asked.
        session.served.delete('tools/list')
        session.notify('notifications/tools/list_changed', '{}')
      }
    })
  }
}

type Entry = CatalogServer & {
  readonly number: number
  readonly listing: Listing | null
  readonly info: LinkInfo | null
}

const noTools: CatalogServer['tools'] = []

function isSameEntry(a: Entry, b: Entry): boolean {
  return (
    a.number === b.number &&
    a.slug === b.slug &&
    a.closed === b.closed &&
    // Lists are replaced, never changed.
    a.tools === b.tools &&
    a.listing?.resources === b.listing?.resources &&
    a.listing?.resourceTemplates === b.listing?.resourceTemplates &&
    a.listing?.prompts === b.listing?.prompts &&
    a.info === b.info &&
    a.heldTools.join() === b.heldTools.join()
  )
}

const everything: Scope = { kind: 'all' }

/** Why none of its tools is served. One that fails or rests is served from the lists that it gave last. */
function closedBy(server: Server, isListed: boolean): CatalogServer['closed'] {
  if (!server.wished) return 'off'
  if (server.state === 'needs_consent') return 'needs_consent'
  return isListed ? null : 'never_listed'
}

function description(
  asked: Opening,
  sets: readonly MethodSet[],
  serverInfo: { name: string; title: string; version: string },
  instructions: string | null,
): JsonObject {
  const { client } = asked
  const capabilities: JsonObject = Object.assign({}, ...sets.map((set) => set.capabilities(asked)))
  const said: JsonObject = instructions === null ? {} : { instructions }
  if (client.era === 'legacy') {
    return { protocolVersion: client.protocolVersion, capabilities, serverInfo, ...said }
  }
  return { supportedVersions: [client.protocolVersion], capabilities, ...said, ttlMs: listTtlMs, cacheScope: 'private' }
}

/** What a session is asked for itself. */
const sessionMethods: MethodSet = {
  methods: {
    ping: async () => ({ kind: 'result', text: '{}' }),
  },
  capabilities: () => ({}),
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
