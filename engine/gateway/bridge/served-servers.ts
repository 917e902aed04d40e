import { isGranted } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { LinkInfo, Listing } from '../../links/link.ts'
import type { GatewayCall } from '../call.ts'
import { shownNames } from '../names.ts'
import { ResourceTable } from './resource-table.ts'

/** A server whose lists are served, and what it said of itself. */
export interface ServedServer {
  readonly id: ServerId
  readonly slug: string
  readonly listing: Listing
  readonly info: LinkInfo | null
}

export type View = Pick<GatewayCall, 'caller' | 'scope'>

/** A prompt or resource under the name that clients know. */
export interface NamedPrompt {
  readonly server: ServerId
  /** As its server calls it. */
  readonly prompt: string
  readonly name: string
  readonly definition: object
}

/** Prompts and resources of the servers that are on, as each client may see them. Immutable, like the catalog of tools. */
export class ServedServers {
  readonly #servers: readonly ServedServer[]
  readonly #tables = new Map<string, ResourceTable>()
  readonly #promptNames = new Map<ServerId, ReadonlyMap<string, string>>()

  constructor(servers: readonly ServedServer[]) {
    this.#servers = servers
    for (const { id, slug, listing } of servers) {
      const names = listing.prompts.map(({ name }) => name)
      this.#promptNames.set(id, shownNames(slug, names))
    }
  }

  /** Those that a view reaches, in the order of the configuration. */
  in({ caller, scope }: View): ServedServer[] {
    return this.#servers.filter(
      ({ id }) => (scope.kind === 'all' || scope.server === id) && isGranted(caller.profile, id),
    )
  }

  prompts(view: View): NamedPrompt[] {
    return this.in(view).flatMap(({ id, listing }) =>
      listing.prompts.map((definition) => {
        const prompt = definition.name
        const name = view.scope.kind === 'all' ? this.#promptNames.get(id)!.get(prompt)! : prompt
        return { server: id, prompt, name, definition }
      }),
    )
  }

  /** Where addresses lead in a view: to other servers' if it reaches others. */
  resources(view: View): ResourceTable {
    const servers = this.in(view)
    const key = servers.map(({ id }) => id).join('\n')
    const table = this.#tables.get(key) ?? new ResourceTable(servers)
    this.#tables.set(key, table)
    return table
  }
}
