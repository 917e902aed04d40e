import { createRouterClient } from '@orpc/server'
import { AppError } from '../../../shared/app-error.ts'
import type { DomainEventName } from '../../../shared/domain-event.ts'
import type { ServerId, TaskId } from '../../../shared/ids.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { CallContext } from '../../router.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { ApiRouter } from '../api-router.ts'
import { type ReportDefect, wireErrors } from '../wire-error.ts'
import { AppFeed } from './app-feed.ts'
import { isHeard, isHeardByClients, seen, type View } from './client-view.ts'
import type { Topic } from './topic.ts'
import type { TopicChannel } from './topic-channel.ts'

/** What is said with one call. */
type SaidContext = Pick<CallContext, 'trace'>

/** `context`: asked anew for each call. */
export const clientOf = (router: ApiRouter, context: () => CallContext, report: ReportDefect) =>
  createRouterClient(router, {
    context: (said: SaidContext) => ({ ...context(), ...said }),
    interceptors: [wireErrors(report)],
  })
export type ApiClient = ReturnType<typeof clientOf>

/** What happens, and what keeps secrets out of the telling. */
export interface FactSource {
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly masker: Pick<Masker, 'json'>
}

export interface SourceParts {
  readonly router: ApiRouter
  readonly facts: FactSource
  readonly report: ReportDefect
}

/** Where the messages of topics come from: the streams of the contract. */
export class TopicSources {
  readonly #api: ApiClient
  readonly #feed: AppFeed
  readonly #facts: FactSource
  readonly #report: ReportDefect

  constructor({ router, facts, report }: SourceParts) {
    // Read as the owner; what a client may see of it is decided for each topic.
    this.#api = clientOf(router, () => ({ origin: 'api' }), report)
    this.#report = report
    this.#facts = facts
    this.#feed = new AppFeed(
      (signal) => this.#api.app.events({}, { signal }),
      (error) => report(error, 'app.events'),
    )
  }

  /**
   * Whether there is such a thing, and whether one may look at it. `api`: with the rights of who asks.
   * @throws AppError `topic_not_granted` (403), `unknown_server`, `unknown_task` (404).
   */
  async check(topic: Topic, view: View, api: ApiClient): Promise<void> {
    switch (topic.kind) {
      case 'tasks':
      case 'servers':
        return
      case 'task':
        await api.tasks.get({ task_id: topic.id })
        return
      case 'fact':
        if (view !== null && !isHeardByClients(topic.event)) throw notGranted(topic.name)
        return
      case 'logs':
        if (view !== null) throw notGranted(topic.name)
        await api.servers.get({ id: topic.server })
        return
      default:
        topic satisfies never
    }
  }

  /** Publishes into the channel until it is disposed. */
  start(topic: Topic, view: View, channel: TopicChannel): Disposable {
    switch (topic.kind) {
      case 'tasks':
      case 'servers':
        return this.#feed.listen({
          event: (event) => {
            const data = seen(event, topic.kind, view)
            if (data !== null) channel.publish(data)
          },
          missed: (count) => channel.skip(count),
        })
      case 'task':
        return this.#read(channel, (signal) => this.#readTask(topic.id, channel, signal))
      case 'logs':
        return this.#read(channel, (signal) => this.#readLog(topic.server, channel, signal))
      case 'fact':
        return this.#listen(topic.event, view, channel)
      default:
        return topic satisfies never
    }
  }

  async #readTask(task_id: TaskId, channel: TopicChannel, signal: AbortSignal): Promise<void> {
    for await (const { events, task } of await this.#api.tasks.follow({ task_id }, { signal })) {
      for (const event of events.slice(0, -1)) channel.publish({ event, task: null })
      channel.publish({ event: events.at(-1) ?? null, task })
    }
    if (!signal.aborted) channel.end()
  }

  async #readLog(server: ServerId, channel: TopicChannel, signal: AbortSignal): Promise<void> {
    for await (const { lines, dropped, lost } of await this.#api.logs.tail({ server: [server] }, { signal })) {
      channel.skip(dropped + lost)
      for (const line of lines) channel.publish(line)
    }
  }

  #listen(name: DomainEventName, view: View, channel: TopicChannel): Disposable {
    const { bus, masker } = this.#facts
    return bus.subscribe(
      [name],
      (event) => {
        if (isHeard(event, view)) channel.publish(masker.json(event))
      },
      { onDropped: (count) => channel.skip(count) },
    )
  }

  #read(channel: TopicChannel, read: (signal: AbortSignal) => Promise<void>): Disposable {
    const stop = new AbortController()
    read(stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return
      this.#report(error, `the topic ${channel.name}`)
      channel.end()
    })
    return { [Symbol.dispose]: () => stop.abort() }
  }
}

function notGranted(topic: string): AppError {
  return new AppError('topic_not_granted', `The token of a client does not open the topic "${topic}".`, {
    status: 403,
    hint: 'A client may follow tasks, tasks.<id> of its own, servers, and how its tasks ended. Use the owner token for the rest.',
  })
}
