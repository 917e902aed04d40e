import { once } from 'node:events'
import { failureOf } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { isObject } from '../../links/json-object.ts'
import { edited, memberText } from '../../links/json-text.ts'
import type { Json, JsonObject } from '../../links/link.ts'
import { acknowledgement, type ListKind, listKinds } from '../../links/notifications.ts'
import { subscriptionKey } from '../../links/protocol.ts'
import { errorOf, type GatewayCall, type LegacySession, type MethodSet, resultOf } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import type { ListWatch } from './list-watch.ts'
import { targetsOf } from './resource-methods.ts'
import type { ServedServers, View } from './served-servers.ts'
import type { ServedTasks } from './served-task.ts'
import { hasTasks } from './tasks-extension.ts'
import type { WatchedResources } from './watched-resources.ts'
import type { TaskWatcher, WatchedTasks } from './watched-tasks.ts'

/** Addresses that one client watches at once. */
const mostWatched = 500

interface ListenParts {
  readonly watched: WatchedResources
  readonly tasks: WatchedTasks
  readonly servedTasks: ServedTasks
  readonly lists: ListWatch
  served(): ServedServers
  reaches(view: View, server: ServerId): boolean
  /** Fires when the gateway ends. */
  readonly ended: AbortSignal
}

/** What changed, for those who want to be told: one stream for a modern client, its session for a legacy one. */
export function listenMethods(parts: ListenParts): MethodSet {
  const watches = new WeakMap<LegacySession, Map<string, Disposable>>()
  const introduced = new WeakSet<LegacySession>()
  return {
    methods: {
      'subscriptions/listen': (call) => listen(call),
      'resources/subscribe': (call) => subscribe(call),
      'resources/unsubscribe': async (call) => {
        const own = call.session && watches.get(call.session)
        own?.get(String(call.params.uri))?.[Symbol.dispose]()
        own?.delete(String(call.params.uri))
        return resultOf({})
      },
    },
    notifications: {
      'notifications/initialized': (session) => {
        // Whoever says it twice is told once.
        if (introduced.has(session)) return
        introduced.add(session)
        const tell = (kind: ListKind) => session.notify(`notifications/${kind}/list_changed`, '{}')
        // The gateway itself tells sessions of their tools.
        const lists = parts.lists.watch(session, ['prompts', 'resources'], tell)
        session.ended.addEventListener('abort', () => lists[Symbol.dispose](), { once: true })
      },
    },
    capabilities: () => ({}),
  }

  async function listen(call: GatewayCall) {
    const { notifications } = call.params
    if (!isObject(notifications)) {
      return errorOf(errorCodes.invalidParams, 'Invalid params: notifications is no object', { status: 400 })
    }
    using stack = new DisposableStack()
    const over = new AbortController()
    stack.defer(() => over.abort())
    const _meta = { [subscriptionKey]: call.id }
    const tell = (method: string, params: JsonObject) => call.notify(method, JSON.stringify({ ...params, _meta }))
    const kinds = listKinds.filter((kind) => notifications[`${kind}ListChanged`] === true)
    const uris = Array.isArray(notifications.resourceSubscriptions) ? notifications.resourceSubscriptions : []
    const honoured: string[] = []
    for (const uri of new Set(uris.slice(0, mostWatched))) {
      if (typeof uri !== 'string') continue
      const watch = await watchOne(call, call, uri, () => tell('notifications/resources/updated', { uri }))
      // What cannot be watched is left out of what is acknowledged: that is how the protocol says so.
      if ('refused' in watch) continue
      stack.use(watch.release)
      honoured.push(uri)
    }
    const taskIds = await watchTasks(call, notifications.taskIds, over.signal)
    tell(acknowledgement, {
      notifications: {
        ...Object.fromEntries(kinds.map((kind) => [`${kind}ListChanged`, true])),
        ...(honoured.length > 0 && { resourceSubscriptions: honoured }),
        ...(taskIds.length > 0 && { taskIds }),
      },
    })
    stack.use(parts.lists.watch(call, kinds, (kind) => tell(`notifications/${kind}/list_changed`, {})))
    const ended = AbortSignal.any([call.signal, parts.ended])
    if (!ended.aborted) await once(ended, 'abort')
    return resultOf({ _meta })
  }

  /** Watches the tasks that are this client's own; the ids of those. */
  async function watchTasks(call: GatewayCall, wanted: Json | undefined, signal: AbortSignal): Promise<string[]> {
    if (!Array.isArray(wanted) || !hasTasks(call)) return []
    const byServer = new Map<ServerId, Map<string, string>>()
    for (const served of new Set(wanted.slice(0, mostWatched))) {
      const owned = typeof served === 'string' ? parts.servedTasks.owned(call.caller, served) : null
      if (owned === null || !parts.reaches(call, owned.server)) continue
      const tasks = byServer.get(owned.server) ?? new Map<string, string>()
      byServer.set(owned.server, tasks.set(owned.taskId, served as string))
    }
    const honoured: string[] = []
    for (const [server, tasks] of byServer) {
      const watchers = new Map([...tasks].map(([taskId, served]) => [taskId, tellTask(call, server, served)]))
      if (await parts.tasks.watch(server, watchers, signal)) honoured.push(...tasks.values())
    }
    return honoured
  }

  function tellTask(call: GatewayCall, server: ServerId, served: string): TaskWatcher {
    return (paramsText) => {
      if (!parts.reaches(call, server)) return
      const meta = edited(memberText(paramsText, '_meta') ?? '{}', { [subscriptionKey]: JSON.stringify(call.id) })
      call.notify('notifications/tasks', edited(paramsText, { taskId: JSON.stringify(served), _meta: meta }))
    }
  }

  async function subscribe(call: GatewayCall) {
    const { session, params } = call
    const { uri } = params
    if (typeof uri !== 'string') return errorOf(errorCodes.invalidParams, 'Invalid params: uri is no string')
    if (session === null) return errorOf(errorCodes.methodNotFound, 'Method not found: resources/subscribe')
    const own = watches.get(session) ?? watchesOf(session)
    if (own.has(uri)) return resultOf({})
    if (own.size >= mostWatched)
      return errorOf(errorCodes.invalidRequest, `Only ${mostWatched} resources can be watched`)
    const watch = await watchOne(call, session, uri, () => {
      session.notify('notifications/resources/updated', JSON.stringify({ uri }))
    })
    if ('refused' in watch) return errorOf(errorCodes.invalidParams, watch.refused, { data: { uri } })
    // Meanwhile another request may have done the same, or the session may be over.
    if (own.has(uri) || session.ended.aborted) watch.release[Symbol.dispose]()
    else own.set(uri, watch.release)
    return resultOf({})
  }

  function watchesOf(session: LegacySession): Map<string, Disposable> {
    const own = new Map<string, Disposable>()
    watches.set(session, own)
    const end = () => {
      for (const release of own.values()) release[Symbol.dispose]()
    }
    session.ended.addEventListener('abort', end, { once: true })
    return own
  }

  /** `view`: who is told, for as long as it reaches the server. */
  async function watchOne(
    call: GatewayCall,
    view: View,
    uri: string,
    tell: () => void,
  ): Promise<{ release: Disposable } | { refused: string }> {
    const [target] = targetsOf(parts.served(), call, uri)
    if (target === undefined) return { refused: `Resource not found: ${uri}` }
    const tellWhoReaches = (): void => {
      if (parts.reaches(view, target.server)) tell()
    }
    try {
      return { release: await parts.watched.watch(target.server, target.uri, tellWhoReaches, call.signal) }
    } catch (error) {
      return { refused: failureOf(error).message }
    }
  }
}
