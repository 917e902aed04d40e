import { isGranted, type Profile } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import { edited, memberText } from '../links/json-text.ts'
import { toolText } from '../links/tool-text.ts'
import { needsLegacyTask } from './bridge/legacy-task.ts'
import { pagesOf } from './bridge/resource-table.ts'
import type { Scope } from './call.ts'
import { shownNames, slugsOf } from './names.ts'

/** What the catalog is made of, one entry a server, in the order of the configuration. */
export interface CatalogServer {
  readonly id: ServerId
  /** From its entry; null: made of the id. */
  readonly slug: string | null
  /** Why none of its tools is served; null when they are. */
  readonly closed: 'off' | 'needs_consent' | 'never_listed' | null
  readonly tools: readonly Tool[]
  readonly heldTools: readonly string[]
}

export interface CatalogTool {
  readonly server: ServerId
  /** As its server calls it. */
  readonly tool: string
  /** As clients of `/mcp` see it. */
  readonly name: string
  readonly definition: Tool
}

/** Why a tool is served to somebody, or which link of the chain keeps it from them. */
export type ToolVerdict =
  | { kind: 'served'; name: string }
  | {
      kind: 'missing'
      because:
        | 'unknown_server'
        | 'off'
        | 'needs_consent'
        | 'never_listed'
        | 'unknown_tool'
        | 'held'
        | 'server_not_granted'
        | 'tool_not_granted'
    }

/** What is asked for: whose profile, which path, and whether tools for Apps alone are wanted. */
export interface CatalogView {
  readonly profile: Profile | null
  readonly scope: Scope
  readonly hasApps: boolean
}

/** All tools of all servers and their names. Immutable: a change makes another one. */
export class Catalog {
  readonly #servers: ReadonlyMap<ServerId, CatalogServer>
  readonly #slugs: ReadonlyMap<string, string>
  readonly #tools: readonly CatalogTool[]
  readonly #byName = new Map<string, CatalogTool>()
  readonly #byServer = new Map<ServerId, Map<string, CatalogTool>>()
  /** Texts of whole lists, by the profile that they were made for. */
  readonly #texts = new WeakMap<object, Map<string, string>>()

  /** `slugs`: one for each of the servers. */
  constructor(servers: readonly CatalogServer[], slugs: ReadonlyMap<string, string> = slugsOf(servers)) {
    this.#servers = new Map(servers.map((server) => [server.id, server]))
    this.#slugs = slugs
    this.#tools = servers.flatMap((server) => this.#named(server))
    for (const tool of this.#tools) this.#byName.set(tool.name, tool)
  }

  slug(server: ServerId): string | null {
    return this.#slugs.get(server) ?? null
  }

  /** By its id or its slug, as both stand in paths. */
  serverOf(idOrSlug: string): ServerId | null {
    if (this.#servers.has(idOrSlug as ServerId)) return idOrSlug as ServerId
    for (const [id, slug] of this.#slugs) if (slug === idOrSlug) return id as ServerId
    return null
  }

  /** The tool that a name means in a view, whether or not the list shows it; null where it means none. */
  find({ profile, scope }: Pick<CatalogView, 'profile' | 'scope'>, name: string): CatalogTool | null {
    if (scope.kind === 'all') return this.#findAmongAll(name, profile)
    const found = this.#byServer.get(scope.server)?.get(name)
    return found !== undefined && this.#isServed(found, profile) ? found : null
  }

  /** By the name that was given out or, as the page of an App calls it, by its server's own where only one tool has it. */
  #findAmongAll(name: string, profile: Profile | null): CatalogTool | null {
    const named = this.#byName.get(name)
    if (named !== undefined) return this.#isServed(named, profile) ? named : null
    const own = this.#tools.filter(
      (entry) => entry.tool === name && this.#isServed(entry, profile) && this.#bringsPages(entry.server),
    )
    return own.length === 1 ? own[0]! : null
  }

  #bringsPages(server: ServerId): boolean {
    return this.#servers.get(server)!.tools.some((tool) => pagesOf(tool).length > 0)
  }

  /** In the order of the servers and, within one, of its own list. */
  tools(view: CatalogView): CatalogTool[] {
    const { profile, scope, hasApps } = view
    return this.#tools.filter(
      (entry) =>
        (scope.kind === 'all' || scope.server === entry.server) &&
        this.#isServed(entry, profile) &&
        (hasApps || isForModels(entry.definition)),
    )
  }

  /**
   * The JSON of `tools` in a list: the definitions as their servers wrote them, under their names here. `servedUri` says
   * under which address the page of a tool is served.
   */
  listText(view: CatalogView, servedUri: (server: ServerId, uri: string) => string): string {
    const texts = this.#textsOf(view.profile)
    const key = `${view.hasApps} ${view.scope.kind === 'all' ? '' : view.scope.server}`
    let text = texts.get(key)
    if (text === undefined) {
      const isAll = view.scope.kind === 'all'
      const entries = this.tools(view).map(({ definition, name, server }) => {
        const own = toolText(definition)
        // What we do for the client it must not think it has to do itself.
        const whole = needsLegacyTask(definition) ? edited(own, { execution: undefined }) : own
        if (!isAll) return whole
        return withServedPage(edited(whole, { name: JSON.stringify(name) }), definition, (uri) =>
          servedUri(server, uri),
        )
      })
      text = `[${entries.join(',')}]`
      texts.set(key, text)
    }
    return text
  }

  /** Follows the chain from the server to the profile. */
  explain(profile: Profile | null, server: ServerId, tool: string): ToolVerdict {
    const known = this.#servers.get(server)
    if (known === undefined) return { kind: 'missing', because: 'unknown_server' }
    if (known.closed !== null) return { kind: 'missing', because: known.closed }
    const entry = this.#byServer.get(server)?.get(tool)
    if (entry === undefined) return { kind: 'missing', because: 'unknown_tool' }
    if (known.heldTools.includes(tool)) return { kind: 'missing', because: 'held' }
    if (!isGranted(profile, server)) return { kind: 'missing', because: 'server_not_granted' }
    if (!isGranted(profile, server, tool)) return { kind: 'missing', because: 'tool_not_granted' }
    return { kind: 'served', name: entry.name }
  }

  #named(server: CatalogServer): CatalogTool[] {
    if (server.closed !== null) return []
    const names = shownNames(
      this.#slugs.get(server.id)!,
      server.tools.map(({ name }) => name),
    )
    const tools = server.tools.map((definition) => {
      return { server: server.id, tool: definition.name, name: names.get(definition.name)!, definition }
    })
    this.#byServer.set(server.id, new Map(tools.map((entry) => [entry.tool, entry])))
    return tools
  }

  #isServed({ server, tool }: CatalogTool, profile: Profile | null): boolean {
    return isGranted(profile, server, tool) && !this.#servers.get(server)!.heldTools.includes(tool)
  }

  #textsOf(profile: Profile | null): Map<string, string> {
    const key = profile ?? everything
    const texts = this.#texts.get(key) ?? new Map<string, string>()
    this.#texts.set(key, texts)
    return texts
  }
}

/** The definition with its page under the address that it is served under. */
function withServedPage(text: string, definition: Tool, servedUri: (uri: string) => string): string {
  const pages = pagesOf(definition)
  if (pages.every((uri) => servedUri(uri) === uri)) return text
  let meta = memberText(text, '_meta')!
  const ui = memberText(meta, 'ui')
  const page = ui && memberText(ui, 'resourceUri')
  const flat = memberText(meta, 'ui/resourceUri')
  const served = (address: string): string => JSON.stringify(servedUri(JSON.parse(address) as string))
  if (ui !== undefined && page !== undefined) meta = edited(meta, { ui: edited(ui, { resourceUri: served(page) }) })
  if (flat !== undefined) meta = edited(meta, { 'ui/resourceUri': served(flat) })
  return edited(text, { _meta: meta })
}

/** Stands for the profile that grants everything. */
const everything = {}

/** Tools that only an App's own page may call say so in `_meta.ui.visibility`. */
function isForModels({ _meta: meta }: Tool): boolean {
  const ui = meta !== null && typeof meta === 'object' && 'ui' in meta ? meta.ui : null
  const visibility = ui !== null && typeof ui === 'object' && 'visibility' in ui ? ui.visibility : null
  return !Array.isArray(visibility) || visibility.includes('model')
}
