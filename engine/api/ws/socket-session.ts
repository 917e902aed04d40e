import { AppError } from '../../../shared/app-error.ts'
import type { NewTask } from '../../../shared/task.ts'
import {
  type ClientMessage,
  clientMessageSchema,
  type RequestId,
  type ServerMessage,
} from '../../../shared/ws-messages.ts'
import { isTooDeep } from '../json-body.ts'
import { AgentRequests } from './agent-requests.ts'
import type { View } from './client-view.ts'
import { socketLimits } from './socket-limits.ts'
import type { SocketPeer } from './socket-peer.ts'
import { Subscription } from './subscription.ts'
import { topicOf } from './topic.ts'
import type { TopicHub } from './topic-hub.ts'
import type { ApiClient, TopicSources } from './topic-sources.ts'

interface Parts {
  readonly peer: SocketPeer
  readonly hub: TopicHub
  readonly sources: Pick<TopicSources, 'check'>
  readonly view: View
  readonly api: ApiClient
  /** @throws AppError where who asks may not call this. */
  allow(call: NewTask): void
  /** What a thrown value is told as; reports it where it is a defect. */
  told(error: unknown): AppError
}

interface About {
  readonly id?: RequestId | undefined
  readonly topic?: string | undefined
}

/** What one socket asks, message by message in their order. */
export class SocketSession implements Disposable {
  readonly #parts: Parts
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #requests: AgentRequests
  #handled: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(parts: Parts) {
    this.#parts = parts
    const { peer, api, allow } = parts
    this.#requests = new AgentRequests({
      api,
      allow,
      say: (message) => peer.say(message),
      fail: (error, about) => this.#fail(error, about),
    })
  }

  receive(text: string): void {
    const { peer } = this.#parts
    this.#waiting++
    peer.isBusy = true
    this.#handled = this.#handled.then(async () => {
      await this.#handle(text)
      this.#waiting--
      if (this.#waiting === 0) peer.isBusy = false
    })
  }

  /** A topic has ended: what is left of it was sent. */
  topicEnded({ channel: { name } }: Subscription): void {
    this.#subscriptions.delete(name)
    this.#parts.peer.say({ type: 'unsubscribed', topic: name, reason: 'ended' })
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions.values()) this.#parts.peer.leave(subscription)
    this.#subscriptions.clear()
    this.#requests[Symbol.dispose]()
  }

  async #handle(text: string): Promise<void> {
    if (!this.#parts.peer.isOpen) return
    let about: About = {}
    try {
      const value = parsed(text)
      about = aboutOf(value)
      const message = clientMessageSchema.safeParse(value)
      if (!message.success) throw invalidMessage(message.error.issues)
      await this.#answer(message.data)
    } catch (error) {
      this.#fail(error, about)
    }
  }

  async #answer(message: ClientMessage): Promise<void> {
    const { peer, hub } = this.#parts
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(message.topic, null)
      case 'unsubscribe':
        return this.#unsubscribe(message.topic)
      case 'resume':
        for (const [topic, seq] of Object.entries(message.topics)) {
          await this.#subscribe(topic, { seq, isSameLife: message.epoch === hub.epoch }).catch((error: unknown) =>
            this.#fail(error, { topic }),
          )
        }
        return
      case 'agent_request':
      case 'stream_request':
        return this.#requests.start(message)
      case 'cancel':
        return this.#requests.cancel(message.id)
      case 'ping':
        peer.say({ type: 'pong', ...(message.id !== undefined && { id: message.id }) })
        return
      default:
        message satisfies never
    }
  }

  /** `last`: what who comes back has seen of it. */
  async #subscribe(name: string, last: { seq: number; isSameLife: boolean } | null): Promise<void> {
    const { peer, hub, sources, view, api } = this.#parts
    if (this.#subscriptions.has(name)) throw alreadySubscribed(name)
    if (this.#subscriptions.size >= socketLimits.subscriptions) throw tooManySubscriptions()
    const topic = topicOf(name)
    await sources.check(topic, view, api)
    if (!peer.isOpen) return
    const channel = hub.channel(topic, view)
    // The life of a task is told from its beginning.
    const start = topic.kind === 'task' ? channel.floor : channel.last
    const isKnown = last?.isSameLife && last.seq >= channel.floor
    const after = isKnown ? Math.min(last.seq, channel.last) : start
    peer.say({ type: 'subscribed', topic: name, seq: after })
    if (last !== null && !isKnown) peer.say(lostPlace(name, last, after))
    const subscription = new Subscription(channel, peer, after)
    this.#subscriptions.set(name, subscription)
    subscription.pump()
  }

  #unsubscribe(name: string): void {
    const subscription = this.#subscriptions.get(name)
    if (subscription === undefined) throw notSubscribed(name)
    this.#subscriptions.delete(name)
    this.#parts.peer.leave(subscription)
    this.#parts.peer.say({ type: 'unsubscribed', topic: name, reason: 'asked' })
  }

  #fail(error: unknown, { id, topic }: About): void {
    const { code, message, hint, data } = this.#parts.told(error)
    this.#parts.peer.say({
      type: 'error',
      code,
      message,
      hint,
      ...(id !== undefined && { id }),
      ...(topic !== undefined && { topic }),
      ...(Array.isArray(data.issues) && { issues: data.issues }),
    })
  }
}

/** What a reader asks for that nobody can tell any more. */
function lostPlace(topic: string, last: { seq: number; isSameLife: boolean }, now: number): ServerMessage {
  const from = last.seq + 1
  return last.isSameLife
    ? { type: 'gap', topic, from, to: now, missed: null, reason: 'too_old' }
    : { type: 'gap', topic, from, to: null, missed: null, reason: 'restarted' }
}

function parsed(text: string): unknown {
  if (isTooDeep(text)) throw invalidJson('It is nested too deep.')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidJson((cause as Error).message)
  }
}

/** What a message that may be wrong in all else is about, as far as that can be told. */
function aboutOf(value: unknown): About {
  const { id, topic } = Object(value) as Record<string, unknown>
  return {
    ...((typeof id === 'string' || Number.isSafeInteger(id)) && { id: id as RequestId }),
    ...(typeof topic === 'string' && { topic }),
  }
}

function invalidJson(why: string): AppError {
  return new AppError('invalid_json', `The message cannot be read as JSON. ${why}`, {
    status: 400,
    hint: 'Send one JSON object a message.',
  })
}

function invalidMessage(found: readonly { path: PropertyKey[]; message: string }[]): AppError {
  const issues = found.map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
  }))
  const [first] = issues
  const where = first !== undefined && first.path.length > 0 ? `${first.path.join('.')}: ` : ''
  return new AppError('invalid_message', `${where}${first?.message ?? 'The message does not fit.'}`, {
    status: 400,
    hint: 'Compare it with the messages in docs/guides/websocket.md.',
    data: { issues },
  })
}

function alreadySubscribed(topic: string): AppError {
  return new AppError('already_subscribed', `This connection follows "${topic}" already.`, { status: 409 })
}

function notSubscribed(topic: string): AppError {
  return new AppError('not_subscribed', `This connection does not follow "${topic}".`, { status: 404 })
}

function tooManySubscriptions(): AppError {
  return new AppError(
    'too_many_subscriptions',
    `This connection follows ${socketLimits.subscriptions} topics already.`,
    {
      status: 429,
      hint: 'Unsubscribe from one of them, or open another connection.',
    },
  )
}
