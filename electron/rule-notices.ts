import { Notification } from 'electron'
import type { EventHub } from '../engine/events/event-hub.ts'
import { ruleNotice } from './held-notice.ts'

interface Parts {
  readonly hub: EventHub
  /** A person who looks at the window sees it there. */
  isWatched(): boolean
  /** The person clicked on it. */
  open(path: string): void
}

/** Has the system tell what a person asked a rule to tell them. */
export function tellNotices({ hub, isWatched, open }: Parts): Disposable {
  const stop = new AbortController()
  const follow = async (): Promise<void> => {
    for await (const message of hub.follow({}, stop.signal)) {
      const events = message.kind === 'changes' ? message.events : []
      for (const event of events) {
        if (event.type !== 'notice.raised' || event.notice.desktop !== true) continue
        if (isWatched() || !Notification.isSupported()) continue
        const { task_id } = event.notice
        const notification = new Notification(ruleNotice(event.notice))
        notification.on('click', () => open(task_id === null ? '/tasks' : `/tasks/${task_id}`))
        notification.show()
      }
    }
  }
  follow().catch((error: unknown) => console.error('Notifications no longer follow the engine:', error))
  return { [Symbol.dispose]: () => stop.abort() }
}
