import type { Readable } from 'node:stream'
import type { Failure } from '../../shared/app-error.ts'
import type { RunId } from '../../shared/ids.ts'
import type { LogLevel } from '../../shared/log.ts'
import type { Era, StopRung, TransportKind } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { ConsentGate } from '../consent/consent-gate.ts'
import type { Host } from '../host.ts'
import type { AuthorizerFor } from '../links/authorizer.ts'
import type { LinkHooks, LinkOptions } from '../links/link-options.ts'
import type { ListKind } from '../links/notifications.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ServerRepo } from '../store/store.ts'
import type { OverLimit } from './over-limit.ts'
import type { ProcessRegistry } from './process-registry.ts'
import type { Exit } from './server-process.ts'
import type { ServerTraffic } from './server-traffic.ts'
import type { StartTimeline } from './start-timeline.ts'
import type { TrackedLink } from './tracked-link.ts'

/** One start of a server and the life that follows, local or remote. Used once. */
export interface Session {
  /** Goes through the steps up to the handshake. Rejects with an AppError; `close` is due either way. */
  open(signal: AbortSignal): Promise<{ link: TrackedLink; transport: TransportKind }>
  /** Told by the server's owner, once its lists are known. */
  ready(): void
  /** Ends the connection and, where there is one, the process with all it started; resolves with how that ended. */
  close(options: CloseOptions): Promise<Exit | null>
}

export interface CloseOptions {
  /** False when it ended by itself, or never came up. */
  readonly isAsked: boolean
  /** Waits for calls in flight first. */
  readonly drains: boolean
  /** It was ended for using more of this than it may. */
  readonly overLimit: OverLimit['kind'] | null
  /** It was only tried in an era that it does not speak. */
  readonly wasTry?: boolean
  readonly graceMs: number
  readonly force: AbortSignal
  onRung(rung: StopRung): void
}

/** What happens in a session. Nothing is told after `close` has resolved. */
export interface SessionEvents {
  spawned(pid: number, runId: RunId, commandLine: string): void
  log(stream: 'mcp' | 'supervisor', text: string, level?: LogLevel): void
  /** Of a process that is about to live, before its first byte. */
  stderr(stderr: Readable, runId: RunId): void
  noise(text: string): void
  fault(failure: Failure): void
  listChanged(kind: ListKind): void
  /** Its session was lost and is another one now. */
  renewed(): void
  /** Its process and all that it started are gone. */
  ended(exit: Exit | null, stderr: readonly string[]): void
  /** The connection ended, not by `close`. */
  closed(failure: Failure): void
  /** The server died of being asked for its era; it must not be asked again. */
  probeFailed(): void
}

/** Where the lives of processes are written down. */
export type RunStore = Pick<ServerRepo, 'insertRun' | 'updateRun'>

export interface SessionContext {
  readonly spec: ServerSpec
  readonly host: Host
  readonly store: RunStore
  readonly baseEnv: Readonly<Record<string, string>>
  readonly installId: string
  readonly registry: ProcessRegistry
  readonly timeline: StartTimeline
  readonly era: 'auto' | Era
  readonly masker: Masker
  /** Asked before anything runs. */
  readonly consent: ConsentGate
  readonly authorizerFor: AuthorizerFor
  /** The face in which the owner asked for this start; null where it starts by itself. */
  readonly askedBy: string | null
  readonly traffic: ServerTraffic | null
  readonly events: SessionEvents
}

export function linkOptions(context: SessionContext, era: 'auto' | Era, signal: AbortSignal): LinkOptions {
  const { id, settings } = context.spec
  return {
    client: { name: 'signalbox', version: context.host.version },
    capabilities: context.traffic?.capabilities(id) ?? {},
    era,
    startTimeoutMs: settings.startTimeoutMs,
    maxMessageBytes: settings.maxMessageBytes,
    signal,
  }
}

/** The link's hooks, with the first byte and the handshake as steps of the start. */
export function linkHooks({ spec, timeline, events, traffic }: SessionContext): LinkHooks {
  return {
    onFirstByte() {
      // Told again when a remote server is tried over the older transport.
      if (timeline.current !== 'first_byte') return
      timeline.done('first_byte')
      timeline.begin('handshake')
    },
    onNoise: (text) => events.noise(text),
    onLog: ({ level, text }) => events.log('mcp', text, level),
    onFault: (failure) => events.fault(failure),
    onListChanged: (kind) => events.listChanged(kind),
    onRenewed: () => events.renewed(),
    onNotification: (notification) => traffic?.notification(spec.id, notification),
    onQuestion: (question) => traffic?.question(spec.id, question) ?? null,
    onClosed: (failure) => events.closed(failure),
  }
}
