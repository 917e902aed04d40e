import { Notification } from 'electron'
import type { EventHub } from '../engine/events/event-hub.ts'
import { heldNotice, heldNotices } from './held-notice.ts'

interface Parts {
  readonly hub: EventHub
  /** A person who looks at the window sees it there. */
  isWatched(): boolean
  /** The person clicked on it. */
  open(path: string): void
}

/** So many calls are told of one by one; more of them together. */
const mostApart = 3
const together = 'together'

/** Has the system tell of calls that begin to wait for a person, and takes that back once they wait no more. */
export function tellApprovals({ hub, isWatched, open }: Parts): Disposable {
  const stop = new AbortController()
  const shown = new Map<string, Notification>()
  const seen = new Set<string>()
  const show = (id: string, text: { title: string; body: string }): void => {
    const notification = new Notification(text)
    notification.on('click', () => open('/approvals'))
    notification.show()
    shown.set(id, notification)
  }
  const close = (id: string): void => {
    shown.get(id)?.close()
    shown.delete(id)
  }
  const follow = async (): Promise<void> => {
    for await (const _message of hub.follow({}, stop.signal)) {
      const { approvals } = hub.snapshot
      const fresh = approvals.filter(({ id }) => !seen.has(id))
      for (const { id } of fresh) seen.add(id)
      if (fresh.length > 0 && !isWatched() && Notification.isSupported()) {
        if (approvals.length <= mostApart) for (const held of fresh) show(held.id, heldNotice(held))
        else if (!shown.has(together)) {
          for (const id of shown.keys()) close(id)
          show(together, heldNotices)
        }
      }
      const waiting = new Set<string>(approvals.map(({ id }) => id))
      for (const id of seen) if (!waiting.has(id)) seen.delete(id)
      for (const id of shown.keys()) if (id === together ? waiting.size === 0 : !waiting.has(id)) close(id)
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
