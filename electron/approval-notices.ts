import { Notification } from 'electron'
import type { EventHub } from '../engine/events/event-hub.ts'
import { heldNotice } from './held-notice.ts'

interface Parts {
  readonly hub: EventHub
  /** A person who looks at the window sees it there. */
  isWatched(): boolean
  /** The person clicked on it. */
  open(path: string): void
}

/** Has the system tell of each call that begins to wait for a person, and takes that back once it waits no more. */
export function tellApprovals({ hub, isWatched, open }: Parts): Disposable {
  const stop = new AbortController()
  const shown = new Map<string, Notification>()
  const seen = new Set<string>()
  const follow = async (): Promise<void> => {
    for await (const _message of hub.follow({}, stop.signal)) {
      const { approvals } = hub.snapshot
      for (const held of approvals) {
        if (seen.has(held.id)) continue
        seen.add(held.id)
        if (isWatched() || !Notification.isSupported()) continue
        const notification = new Notification(heldNotice(held))
        notification.on('click', () => open('/approvals'))
        notification.show()
        shown.set(held.id, notification)
      }
      const waiting = new Set<string>(approvals.map(({ id }) => id))
      for (const id of seen) if (!waiting.has(id)) seen.delete(id)
      for (const [id, notification] of shown) {
        if (waiting.has(id)) continue
        notification.close()
        shown.delete(id)
      }
    }
  }
  follow().catch((error: unknown) => console.error('Notifications no longer follow the engine:', error))
  return {
    [Symbol.dispose]() {
      stop.abort()
      for (const notification of shown.values()) notification.close()
    },
  }
}
