import type { ServerId } from '../../../shared/ids.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import type { Gateway } from '../create-gateway.ts'

interface Parts {
  gateway: Pick<Gateway, 'catalog' | 'onListsChanged'>
  supervisor: Pick<Supervisor, 'list'>
}

/** When the tools that are served of a server last became others, since the program started. */
export class ServedChanges implements Disposable {
  readonly #parts: Parts
  readonly #subscription: Disposable
  readonly #known = new Map<ServerId, { names: string; at: string }>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#subscription = parts.gateway.onListsChanged(() => this.#look())
  }

  /** Null where none was ever served. */
  at(server: ServerId): string | null {
    return this.#known.get(server)?.at ?? null
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]()
  }

  #look(): void {
    const { gateway, supervisor } = this.#parts
    const at = new Date().toISOString()
    for (const { id } of supervisor.list()) {
      const scope = { kind: 'server', server: id } as const
      const tools = gateway.catalog.tools({ profile: null, scope, hasApps: true })
      const names = JSON.stringify(tools.map(({ name }) => name))
      if ((this.#known.get(id)?.names ?? '[]') !== names) this.#known.set(id, { names, at })
    }
  }
}
