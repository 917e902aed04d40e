import type { Failure } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { TransportKind } from '../../shared/server.ts'

/** One server as configured: read and checked, variables not expanded yet. Immutable. */
export interface ServerSpec {
  readonly id: ServerId
  /** Its place in the file, from 1. */
  readonly number: number
  readonly transport: TransportKind
  /** For `stdio`. */
  readonly launch: LaunchSpec | null
  /** For `http` and `sse`. */
  readonly remote: RemoteSpec | null
  readonly settings: ServerSettings
  /** The entry as it stands in the file, unknown keys included. */
  readonly entry: Readonly<Record<string, unknown>>
  /** Changes exactly when what is launched or connected to changes. */
  readonly hash: string
  /** Why this entry cannot be used; the others still can. */
  readonly problem: Failure | null
}

export interface LaunchSpec {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string | null
}

export interface RemoteSpec {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** How to sign in to it, where the entry says so. */
  readonly oauth?: OAuthSpec
}

/** Who we are to the authorization server of a remote server, as registered there by hand. */
export interface OAuthSpec {
  /** An id, or the https address of a document about us; null: we register by ourselves. */
  readonly clientId: string | null
  readonly clientSecret: string | null
  /** What to ask for, separated by spaces; null: what the server asks for. */
  readonly scope: string | null
}

/** Our own settings, under the one reserved key `signalbox` of an entry. */
export interface ServerSettings {
  /** Milliseconds a call may stay without an answer or progress. Default 60,000. */
  readonly timeoutMs: number
  /** Milliseconds a call may take in all, progress or not. Default 900,000. */
  readonly maxTotalTimeoutMs: number
  /** Milliseconds until the handshake must be answered. Default 30,000; 120,000 for commands that download first. */
  readonly startTimeoutMs: number
  /** Milliseconds of each rung of the stop ladder. Default 5,000. */
  readonly stopGraceMs: number
  /** Bytes of the largest message taken. Default 64 MiB. */
  readonly maxMessageBytes: number
  /** Start again after an exit that nobody asked for. Default true. */
  readonly restart: boolean
  /** End it, and start it again, once it misses two pings and has no call in flight. Default false. */
  readonly restartUnresponsive: boolean
  /** Skip the detection of the protocol era. Default `auto`. */
  readonly era: 'auto' | 'legacy' | 'modern'
  /** Megabytes that its processes may use together; more ends it. Null: any. */
  readonly memoryLimitMb: number | null
  /** Percent of one core that its processes may use together for half a minute; more ends it. Null: any. */
  readonly cpuLimitPercent: number | null
  /** Sleeps until a call wakes it. Default false. */
  readonly onDemand: boolean
  /** Each client that calls it gets a process of its own, so many at once. Null: they share one. */
  readonly clientProcesses: number | null
  /** What its tools' names begin with at the gateway; null: made of its id. */
  readonly slug: string | null
  /** Milliseconds without a call after which it is put to sleep; null: never. */
  readonly idleStopMs: number | null
  /** Files and folders of its source, as written: a change there starts it anew. Default none. */
  readonly watch: readonly string[]
}
