import { uuidV7 } from '../shared/ids.ts'
import type { Server } from '../shared/server.ts'
import type { AttentionItem, EngineEvent, Notice } from '../shared/snapshot.ts'
import { attentionOf } from './attention.ts'
import type { EventHub } from './events/event-hub.ts'
import type { Masker } from './secrets/masker.ts'

interface NewsParts {
  readonly hub: EventHub
  readonly masker: Masker
  /** Calls that were cut off when the program died last time, and when that was found. */
  readonly interrupted: { count: number; at: string }
  /** What features find by themselves needs a person. */
  found(servers: readonly Server[]): AttentionItem[]
}

/** Events that may change what needs a person. */
const needsAnotherLook: ReadonlySet<EngineEvent['type']> = new Set([
  'server.changed',
  'server.removed',
  'sign_in.changed',
  'config.changed',
  'banner.changed',
  'approval.held',
  'approval.settled',
])

/** Tells every face what happened, what a person should notice, and what needs one. */
export class News {
  readonly #parts: NewsParts

  constructor(parts: NewsParts) {
    this.#parts = parts
  }

  publish(event: EngineEvent): void {
    this.#parts.hub.publish(event)
    if (needsAnotherLook.has(event.type)) this.refreshAttention()
  }

  raise(notice: Omit<Notice, 'id' | 'at'>): void {
    const at = new Date().toISOString()
    this.publish({ type: 'notice.raised', notice: { ...this.#parts.masker.json(notice), id: uuidV7(), at } })
  }

  refreshAttention(): void {
    const { hub, interrupted, found } = this.#parts
    const { snapshot } = hub
    const items = attentionOf({ ...snapshot, interrupted, found: found(snapshot.servers) })
    if (JSON.stringify(items) !== JSON.stringify(snapshot.attention)) hub.publish({ type: 'attention.changed', items })
  }
}
