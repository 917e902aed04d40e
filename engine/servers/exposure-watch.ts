import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { AttentionItem } from '../../shared/snapshot.ts'
import type { RemoteSpec, ServerSpec } from '../config/server-spec.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import { ExposureScan, type Whereabouts } from './exposure.ts'
import { reachableSpecs } from './reachable-specs.ts'
import type { Supervisor } from './supervisor.ts'

interface ExposureWatchParts {
  readonly platform: NodeJS.Platform
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly supervisor: Pick<Supervisor, 'get' | 'list' | 'spec'>
  readonly logs: Pick<LogPipeline, 'write'>
  /** Fills in variables and secrets of a remote. */
  fill(remote: RemoteSpec): Promise<{ url: string }>
  /** Told when there is other news than before. */
  onNews(): void
}

interface Exposed {
  /** Of the start after which it was found. */
  readonly startedAt: string | null
  readonly places: string
  readonly since: string
}

/** A server that we start may open its port some time after it is ready. */
const secondLookMs = 10_000
const roundMs = 5 * 60_000

/** Where a server is to be looked for; null where nothing of it is known to run. */
export async function whereaboutsOf(
  spec: ServerSpec,
  pid: number | null,
  fill: ExposureWatchParts['fill'],
): Promise<Whereabouts | null> {
  if (spec.remote === null) return pid === null ? null : { kind: 'process', pid }
  const how = spec.transport === 'sse' ? 'sse' : 'http'
  return { kind: 'address', url: (await fill(spec.remote)).url, how }
}

/** Tells of servers that take calls from the network without asking who calls. */
export class ExposureWatch implements Disposable {
  readonly #parts: ExposureWatchParts
  readonly #scan: ExposureScan
  readonly #exposed = new Map<ServerId, Exposed>()
  readonly #second = new Map<ServerId, NodeJS.Timeout>()
  readonly #owned = new DisposableStack()
  readonly #ending = new AbortController()

  constructor(parts: ExposureWatchParts) {
    this.#parts = parts
    this.#scan = new ExposureScan(parts.platform)
    this.#owned.use(parts.bus.subscribe(['server.ready'], ({ payload }) => this.#began(payload.server)))
    const round = setInterval(() => void this.#round(), roundMs)
    round.unref()
    this.#owned.defer(() => clearInterval(round))
    this.#owned.defer(() => {
      for (const timer of this.#second.values()) clearTimeout(timer)
    })
    this.#owned.defer(() => this.#ending.abort())
  }

  /** Of the servers that run. */
  items(servers: readonly Server[]): AttentionItem[] {
    return servers.flatMap(({ id, state, start }) => {
      const exposed = this.#exposed.get(id)
      if (exposed === undefined || exposed.startedAt !== startedAt(start)) return []
      if (state !== 'ready' && state !== 'degraded') return []
      return [
        {
          id: `exposed:${id}`,
          severity: 'caution' as const,
          server: id,
          task_id: null,
          state,
          title: 'Open to the network.',
          message: `${exposedText(id, exposed.places)} ${exposedHint}`,
          code: 'server_exposed',
          since: exposed.since,
          action: { kind: 'open_config' as const, label: 'Edit config' },
        },
      ]
    })
  }

  [Symbol.dispose](): void {
    this.#owned.dispose()
  }

  #began(id: ServerId): void {
    void this.#look(id)
    clearTimeout(this.#second.get(id))
    const timer = setTimeout(() => {
      this.#second.delete(id)
      void this.#look(id)
    }, secondLookMs)
    this.#second.set(id, timer.unref())
  }

  async #round(): Promise<void> {
    for (const { id } of reachableSpecs(this.#parts.supervisor)) await this.#look(id)
  }

  async #look(id: ServerId): Promise<void> {
    const { supervisor, fill, logs, onNews } = this.#parts
    const [spec, server] = [supervisor.spec(id), supervisor.get(id)]
    if (spec === null || server === null || this.#ending.signal.aborted) return
    try {
      const where = await whereaboutsOf(spec, server.pid, fill)
      if (where === null) return
      const found = await this.#scan.look(where, this.#ending.signal)
      if (found.kind === 'not_run') return
      const open = found.places.filter(({ reception }) => reception === 'answered').map(({ place }) => place)
      if (!this.#note(id, startedAt(server.start), open.join(', '))) return
      onNews()
      if (open.length === 0) return
      const text = `${exposedText(id, open.join(', '))} ${exposedHint}`
      logs.write({ server: id, run_id: server.run_id, stream: 'supervisor', level: 'warn', text })
    } catch (error) {
      // A secret that is gone, say: whatever keeps it from being looked at is told where it is started.
      const text = `could not look whether others may call it: ${String(error)}`
      logs.write({ server: id, run_id: null, stream: 'supervisor', level: 'debug', text })
    }
  }

  /** Whether that is news. */
  #note(id: ServerId, startedAt: string | null, places: string): boolean {
    const known = this.#exposed.get(id)
    if (known?.startedAt === startedAt ? places === known.places : places === '') return false
    if (places === '') this.#exposed.delete(id)
    else this.#exposed.set(id, { startedAt, places, since: new Date().toISOString() })
    return true
  }
}

function startedAt(start: Server['start']): string | null {
  return start?.started_at ?? null
}

export const exposedText = (id: ServerId, places: string): string =>
  `${id} listens on ${places} and answers without authorization: whoever reaches this machine over the network may use it.`

export const exposedHint = 'Have it listen on 127.0.0.1, or have it ask for a token.'
