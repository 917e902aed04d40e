import type { ServerId } from '../../../shared/ids.ts'
import type { Tool } from '../../../shared/server.ts'
import type { Listing } from '../../links/link.ts'
import { mayDescribe } from './uri-template.ts'

/** What one server lists, as far as addresses go. */
export interface ListedServer {
  readonly id: ServerId
  readonly listing: Pick<Listing, 'tools' | 'resources' | 'resourceTemplates'>
}

export interface ResourceTarget {
  readonly server: ServerId
  /** As the server knows it. */
  readonly uri: string
}

/** Addresses that another server has first are served under this scheme: `signalbox://<server>/<its own address>`. */
const ownScheme = 'signalbox://'
const ownAddress = (server: ServerId, uri: string): string => `${ownScheme}${encodeURIComponent(server)}/${uri}`

/**
 * Where the addresses of several servers lead, and under which ones they are served. The first server that lists an
 * address keeps it; those after it are served under our own scheme. The order of the servers decides, nothing else.
 */
export class ResourceTable {
  readonly #servers: readonly ListedServer[]
  readonly #owners = new Map<string, ServerId>()
  /** Whose each template is. */
  readonly #templates = new Map<string, ServerId>()

  constructor(servers: readonly ListedServer[]) {
    this.#servers = servers
    for (const { id, listing } of servers) {
      for (const { uri } of listing.resources) this.#claim(uri, id)
      for (const { uriTemplate } of listing.resourceTemplates) {
        if (!this.#templates.has(uriTemplate)) this.#templates.set(uriTemplate, id)
      }
    }
    // The page of a tool need not be listed: the tool names it.
    for (const { id, listing } of servers)
      for (const tool of listing.tools) for (const uri of pagesOf(tool)) this.#claim(uri, id)
  }

  /** The address under which a server's resource is served. */
  servedUri(server: ServerId, uri: string): string {
    return this.#owners.get(uri) === server ? uri : this.#owners.has(uri) ? ownAddress(server, uri) : uri
  }

  servedTemplate(server: ServerId, uriTemplate: string): string {
    const owner = this.#templates.get(uriTemplate)
    return owner === undefined || owner === server ? uriTemplate : ownAddress(server, uriTemplate)
  }

  /** Where an address leads: to one server or, where none has named it, to those that may know it, in their order. */
  targets(uri: string): ResourceTarget[] {
    const own = this.#own(uri)
    if (own !== null) return [own]
    const owner = this.#owners.get(uri) ?? this.#templates.get(uri)
    if (owner !== undefined) return [{ server: owner, uri }]
    const described = [...this.#templates]
      .filter(([template]) => mayDescribe(template, uri))
      .map(([, server]) => server)
    const candidates = described.length > 0 ? described : this.#kin(uri)
    return [...new Set(candidates)].map((server) => ({ server, uri }))
  }

  #claim(uri: string, server: ServerId): void {
    if (!this.#owners.has(uri)) this.#owners.set(uri, server)
  }

  #own(uri: string): ResourceTarget | null {
    if (!uri.startsWith(ownScheme)) return null
    const slash = uri.indexOf('/', ownScheme.length)
    const server = this.#servers.find(({ id }) => encodeURIComponent(id) === uri.slice(ownScheme.length, slash))
    return slash === -1 || server === undefined ? null : { server: server.id, uri: uri.slice(slash + 1) }
  }

  /** Servers that have named an address of the same scheme; an address is told to no other. */
  #kin(uri: string): ServerId[] {
    const scheme = schemeOf(uri)
    return this.#servers
      .filter(({ listing }) => addressesOf(listing).some((known) => schemeOf(known) === scheme))
      .map(({ id }) => id)
  }
}

function addressesOf({ tools, resources, resourceTemplates }: ListedServer['listing']): string[] {
  return [
    ...resources.map(({ uri }) => uri),
    ...resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ...tools.flatMap(pagesOf),
  ]
}

/** The page that a tool brings along; older servers name it in one flat key. */
export function pagesOf(tool: Tool): string[] {
  const meta = (tool._meta ?? {}) as { ui?: { resourceUri?: unknown }; 'ui/resourceUri'?: unknown }
  return [meta.ui?.resourceUri, meta['ui/resourceUri']].filter((uri) => typeof uri === 'string')
}

const schemeOf = (uri: string): string => /^[a-z][a-z\d+.-]*:/i.exec(uri)?.[0].toLowerCase() ?? ''
