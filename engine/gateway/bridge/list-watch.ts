import type { ServerId } from '../../../shared/ids.ts'
import type { ListKind } from '../../links/notifications.ts'
import type { GatewayCall } from '../call.ts'
import type { View } from './served-servers.ts'

/** Whose lists are watched; read anew at each look, for its grants may have changed. */
export type ListView = View & Pick<GatewayCall, 'client'>

interface Watcher {
  readonly view: ListView
  /** What each list was when its watcher heard of it last. */
  readonly seen: Map<ListKind, string>
  readonly tell: (kind: ListKind) => void
}

interface Parts {
  /** A list as this view would be served it now. */
  listText(view: ListView, kind: ListKind): string
  reaches(view: View, server: ServerId): boolean
}

/** Tells those who want to know that a list is not what it was, or that a server says so. */
export class ListWatch {
  readonly #parts: Parts
  readonly #watchers = new Set<Watcher>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  watch(view: ListView, kinds: readonly ListKind[], tell: (kind: ListKind) => void): Disposable {
    const seen = new Map(kinds.map((kind) => [kind, this.#parts.listText(view, kind)]))
    const watcher = { view, seen, tell }
    this.#watchers.add(watcher)
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) }
  }

  /** A server says that one of its lists changed; what is served follows once it was asked for the list. */
  said(server: ServerId, kind: ListKind): void {
    for (const { view, seen, tell } of this.#watchers) {
      if (seen.has(kind) && this.#parts.reaches(view, server)) tell(kind)
    }
  }

  /** What is served may have changed. */
  look(): void {
    for (const { view, seen, tell } of this.#watchers) {
      for (const [kind, before] of seen) {
        const now = this.#parts.listText(view, kind)
        if (now === before) continue
        seen.set(kind, now)
        tell(kind)
      }
    }
  }
}
