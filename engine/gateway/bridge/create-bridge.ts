import type { ServerId } from '../../../shared/ids.ts'
import type { Question as TrayQuestion } from '../../../shared/question.ts'
import type { JsonObject } from '../../links/link.ts'
import type { Question, QuestionReply, Remark } from '../../links/link-options.ts'
import { changedList, type ListKind } from '../../links/notifications.ts'
import { toolText } from '../../links/tool-text.ts'
import type { CallTracing } from '../../metrics/trace-context.ts'
import type { ServerTraffic } from '../../servers/server-traffic.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import type { GatewayCall, LegacySession, MethodSet, Reply } from '../call.ts'
import { Bridge, offeredCapabilities } from './bridge.ts'
import type { BridgedCall } from './bridged-call.ts'
import { completionMethods } from './completion-methods.ts'
import { type ListView, ListWatch } from './list-watch.ts'
import { listenMethods } from './listen-methods.ts'
import { promptMethods } from './prompt-methods.ts'
import { QuestionTray } from './question-tray.ts'
import { resourceMethods } from './resource-methods.ts'
import type { ServedServers, View } from './served-servers.ts'
import { ServedTasks } from './served-task.ts'
import { ServerLogs } from './server-logs.ts'
import { taskMethods } from './task-methods.ts'
import { WatchedResources } from './watched-resources.ts'
import { WatchedTasks } from './watched-tasks.ts'

interface BridgeOptions {
  /** Told all questions that wait for the person, after each change. */
  onQuestions(questions: TrayQuestion[]): void
  /** What ids of tasks are bound to their clients with. */
  readonly ownerToken: string
}

/** What the gateway has that the bridge needs. */
export interface BridgeParts {
  readonly supervisor: Supervisor
  served(): ServedServers
  sessions(): readonly LegacySession[]
  /** Answers `resources/read` for an address of our own; null where it is none. */
  ownResource(call: GatewayCall, uri: string): Promise<Reply | null>
  /** Null: requests are part of no trace. */
  readonly tracing: CallTracing | null
  /** The JSON of the tools that somebody is served now. */
  toolsText(view: ListView): string
  report(error: unknown, where: string): void
}

/**
 * Everything between servers and clients that is no call of a tool: what servers ask and tell by themselves, and the
 * methods of prompts, resources, completion, logging and subscriptions. Made before the servers, attached to the gateway.
 */
export class ServerBridge implements ServerTraffic, Disposable {
  readonly tray: QuestionTray
  readonly servedTasks: ServedTasks
  readonly #bridge: Bridge
  readonly #ended = new AbortController()
  #attached: {
    parts: BridgeParts
    watched: WatchedResources
    tasks: WatchedTasks
    lists: ListWatch
    logs: ServerLogs
  } | null = null

  constructor({ onQuestions, ownerToken }: BridgeOptions) {
    this.servedTasks = new ServedTasks(ownerToken)
    this.tray = new QuestionTray({ onChange: onQuestions })
    this.#bridge = new Bridge(this.tray)
  }

  /** The methods that it serves. Called once, by the gateway. */
  attach(parts: BridgeParts): MethodSet[] {
    const { supervisor, served, ownResource, tracing } = parts
    const reaches = (view: View, server: ServerId): boolean =>
      served()
        .in(view)
        .some(({ id }) => id === server)
    const listText = (view: ListView, kind: ListKind): string =>
      kind === 'tools' ? parts.toolsText(view) : listTextOf(served(), view, kind)
    const watched = new WatchedResources(parts)
    const tasks = new WatchedTasks(supervisor)
    const lists = new ListWatch({ listText, reaches })
    const logs = new ServerLogs({ ...parts, reaches })
    this.#attached = { parts, watched, tasks, lists, logs }
    const { servedTasks } = this
    const own = { supervisor, served, servedTasks, bridge: this, tracing }
    return [
      promptMethods(own),
      resourceMethods({ ...own, ownResource }),
      completionMethods(own),
      taskMethods(own),
      logs.methods(),
      listenMethods({ watched, tasks, servedTasks, lists, served, reaches, ended: this.#ended.signal }),
    ]
  }

  /** As the bridge's own; a server is asked to log what the client wants to hear meanwhile. */
  run(call: GatewayCall, server: ServerId, work: (bridged: BridgedCall) => Promise<Reply>): Promise<Reply> {
    if (call.client.era === 'modern') this.#attached?.logs.wantFor(server, call)
    return this.#bridge.run(call, work)
  }

  /** The address of a tool's own page, as a client of this view can read it. */
  servedUri(view: View, server: ServerId, uri: string): string {
    if (view.scope.kind === 'server') return uri
    return this.#attached?.parts.served().resources(view).servedUri(server, uri) ?? uri
  }

  capabilities(): JsonObject {
    return offeredCapabilities
  }

  question(server: ServerId, question: Question): Promise<QuestionReply> | null {
    return this.#bridge.question(server, question)
  }

  notification(server: ServerId, remark: Remark): void {
    const { method, params } = remark
    const kind = changedList(method)
    if (kind !== null) this.#attached?.lists.said(server, kind)
    else if (method === 'notifications/message') this.#attached?.logs.said(server, remark, this.#bridge.callsOf(remark))
    else if (method === 'notifications/resources/updated' && typeof params.uri === 'string') {
      this.#attached?.watched.updated(server, params.uri)
    } else if (method === 'notifications/tasks' && typeof params.taskId === 'string') {
      this.#attached?.tasks.told(server, params.taskId, remark.paramsText)
    }
  }

  /** A server changed: it may be ready over a new link. */
  serverReady(server: ServerId): void {
    this.#attached?.watched.ready(server)
    this.#attached?.logs.ready(server)
  }

  /** What is served may be something else now. */
  listsChanged(): void {
    this.#attached?.lists.look()
  }

  [Symbol.dispose](): void {
    this.#ended.abort()
    this.#attached?.watched[Symbol.dispose]()
    this.#bridge[Symbol.dispose]()
  }
}

/** Whatever tells two lists apart. */
function listTextOf(served: ServedServers, view: View, kind: Exclude<ListKind, 'tools'>): string {
  const text = (entries: readonly object[]) => entries.map(toolText).join()
  switch (kind) {
    case 'prompts':
      return served
        .prompts(view)
        .map(({ name, definition }) => `${name} ${toolText(definition)}`)
        .join()
    case 'resources':
      return served
        .in(view)
        .map(({ id, listing }) => `${id} ${text(listing.resources)} ${text(listing.resourceTemplates)}`)
        .join()
    default:
      return kind satisfies never
  }
}
