import { AppError } from '../../shared/app-error.ts'
import type { DomainEvent, DomainEventName, DomainEventOf, PayloadOf } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'

type Listener<N extends DomainEventName> = (event: DomainEventOf<N>) => void | Promise<void>

interface SubscribeOptions {
  /** Events that wait for a listener that is busy; the oldest ones give way to newer ones. */
  readonly queue?: number
  /** Told how many gave way, before the next event that is handed over. */
  readonly onDropped?: (count: number) => void
}

/** What went wrong in a listener, and with which event. */
type OnFailure = (error: unknown, event: DomainEvent) => void

const defaultQueue = 1_000

/**
 * Says inside the engine what happened. Each subscriber has a queue of its own and gets one event at a time, in the order
 * of their publishing and never within `publish`: it can neither hold up nor harm who publishes or who else listens.
 * Payloads are as they came, secrets included: who stores or shows them masks them.
 */
export class EventBus {
  readonly #subscribers = new Set<Subscriber>()
  readonly #onFailure: OnFailure

  constructor({ onFailure }: { onFailure: OnFailure }) {
    this.#onFailure = onFailure
  }

  /** Whether anybody listens: what costs something to tell need not be told otherwise. */
  isHeard(name: DomainEventName): boolean {
    for (const { names } of this.#subscribers) if (names === 'all' || names.has(name)) return true
    return false
  }

  publish<N extends DomainEventName>(name: N, payload: PayloadOf<N>): DomainEventOf<N> {
    const at = new Date().toISOString()
    const event = { id: uuidV7(), at, name, version: 1, payload } as DomainEvent
    for (const subscriber of this.#listenersTo(name)) subscriber.push({ event, settle: () => {} })
    return event as DomainEventOf<N>
  }

  /**
   * Publishes what stands on record elsewhere until all who listen are through with it. Rejects with what kept one of them from that:
   * then it may be handed on once more, under the same id.
   */
  async hand(event: DomainEvent): Promise<void> {
    const handed = this.#listenersTo(event.name).map(
      (subscriber) =>
        new Promise<void>((resolve, reject) =>
          subscriber.push({ event, settle: (error) => (error === null ? resolve() : reject(error)) }),
        ),
    )
    const kept = (await Promise.allSettled(handed)).flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    if (kept.length > 0) throw kept.find((error) => !isNotTaken(error)) ?? kept[0]
  }

  #listenersTo(name: DomainEventName): Subscriber[] {
    return [...this.#subscribers].filter(({ names }) => names === 'all' || names.has(name))
  }

  subscribe<N extends DomainEventName>(
    names: readonly N[] | 'all',
    listener: Listener<N>,
    { queue = defaultQueue, onDropped = () => {} }: SubscribeOptions = {},
  ): Disposable {
    if (queue < 1) throw new AppError('invalid_queue', 'A subscriber has room for one event at least.')
    // It is handed events of its names only.
    const told = (event: DomainEvent) => listener(event as DomainEventOf<N>)
    const wanted = names === 'all' ? names : new Set<DomainEventName>(names)
    const subscriber = new Subscriber(wanted, told, { queue, onDropped }, this.#onFailure)
    this.#subscribers.add(subscriber)
    return {
      [Symbol.dispose]: () => {
        this.#subscribers.delete(subscriber)
        subscriber.end()
      },
    }
  }
}

/** `settle` is told null once the listener is through with the event, or why it never will be. */
interface Waiting {
  readonly event: DomainEvent
  readonly settle: (error: unknown) => void
}

class Subscriber {
  readonly names: ReadonlySet<DomainEventName> | 'all'
  readonly #listener: (event: DomainEvent) => void | Promise<void>
  readonly #options: Required<SubscribeOptions>
  readonly #onFailure: OnFailure
  #waiting: Waiting[] = []
  #dropped = 0
  #isBusy = false

  constructor(
    names: ReadonlySet<DomainEventName> | 'all',
    listener: (event: DomainEvent) => void | Promise<void>,
    options: Required<SubscribeOptions>,
    onFailure: OnFailure,
  ) {
    this.names = names
    this.#listener = listener
    this.#options = options
    this.#onFailure = onFailure
  }

  push(waiting: Waiting): void {
    if (this.#waiting.length >= this.#options.queue) {
      this.#waiting.shift()?.settle(gaveWay())
      this.#dropped++
    }
    this.#waiting.push(waiting)
    if (this.#isBusy) return
    this.#isBusy = true
    setImmediate(() => void this.#drain())
  }

  end(): void {
    for (const { settle } of this.#waiting.splice(0)) settle(noLongerListening())
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { event, settle } = next
      try {
        if (this.#dropped > 0) {
          const dropped = this.#dropped
          this.#dropped = 0
          this.#options.onDropped(dropped)
        }
        await this.#listener(event)
        settle(null)
      } catch (error) {
        settle(error)
        this.#onFailure(error, event)
      }
    }
    this.#isBusy = false
  }
}

/** Whether an event was lost to somebody who went away or was too slow, and did not fail at it: to hand it on once more is no use. */
export function isNotTaken(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'event_dropped' || error.code === 'not_listening')
}

function gaveWay(): AppError {
  return new AppError('event_dropped', 'A newer event took the place of this one.')
}

function noLongerListening(): AppError {
  return new AppError('not_listening', 'Who listened to this event no longer does.')
}
