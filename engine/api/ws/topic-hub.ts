import { AppError } from '../../../shared/app-error.ts'
import { uuidV7 } from '../../../shared/ids.ts'
import type { View } from './client-view.ts'
import type { Topic } from './topic.ts'
import { TopicChannel } from './topic-channel.ts'
import type { TopicSources } from './topic-sources.ts'

/** Milliseconds that a topic is kept after its last reader, for one that comes back. */
const lingerMs = 120_000
const mostChannels = 256

interface Open {
  readonly channel: TopicChannel
  readonly source: Disposable
  linger: NodeJS.Timeout | null
}

/** All topics that somebody reads, or did until lately; each once for the owner, and once for each client. */
export class TopicHub implements Disposable {
  /** Names this life of the program in the numbers of its topics. */
  readonly epoch = uuidV7()
  readonly #sources: Pick<TopicSources, 'start'>
  readonly #open = new Map<string, Open>()
  /** The highest number that a channel which is gone has given: none is ever given twice. */
  #floor = 0

  constructor(sources: Pick<TopicSources, 'start'>) {
    this.#sources = sources
  }

  /** @throws AppError `too_many_topics` (429). */
  channel(topic: Topic, view: View): TopicChannel {
    const key = `${view?.caller.client ?? ''} ${topic.name}`
    const found = this.#open.get(key)
    if (found !== undefined) {
      if (found.linger !== null) clearTimeout(found.linger)
      found.linger = null
      return found.channel
    }
    if (this.#open.size >= mostChannels) this.#closeOldestIdle()
    const channel = new TopicChannel(topic.name, this.#floor, () => this.#lingers(key))
    this.#open.set(key, { channel, source: this.#sources.start(topic, view, channel), linger: null })
    return channel
  }

  [Symbol.dispose](): void {
    for (const key of [...this.#open.keys()]) this.#close(key)
  }

  #lingers(key: string): void {
    const open = this.#open.get(key)
    if (open === undefined) return
    // What has ended is read anew by who asks again.
    if (open.channel.isEnded) {
      this.#close(key)
      return
    }
    open.linger = setTimeout(() => this.#close(key), lingerMs)
    // A topic that nobody reads keeps no program running.
    open.linger.unref()
  }

  #closeOldestIdle(): void {
    const idle = [...this.#open].find(([, { channel }]) => channel.isIdle)
    if (idle === undefined) {
      throw new AppError('too_many_topics', `${mostChannels} topics are being followed already.`, {
        status: 429,
        hint: 'Follow fewer: "tasks" tells of all tasks in one.',
      })
    }
    this.#close(idle[0])
  }

  #close(key: string): void {
    const { channel, source, linger } = this.#open.get(key)!
    if (linger !== null) clearTimeout(linger)
    source[Symbol.dispose]()
    this.#open.delete(key)
    this.#floor = Math.max(this.#floor, channel.last)
  }
}
