import type { Consent } from '../../shared/consent.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { EffectiveLaunch, Server } from '../../shared/server.ts'
import type { TransitionCause } from '../../shared/transition.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { Link, LinkClient, LinkInfo, Listing } from '../links/link.ts'
import type { OverLimit } from './over-limit.ts'

/** What runs a set of servers. States come out through `onChange`; calls go in through `admit`. */
export interface Supervisor extends AsyncDisposable {
  /** Makes the set equal to the configuration: adds, removes, restarts what changed and was on. */
  configure(specs: readonly ServerSpec[]): Promise<void>
  /** The folders that starts from now on look for commands in, after those of our own PATH. */
  setSearchPath(searchPath: string): void
  /** The environment that starts from now on begin with. */
  readonly baseEnv: Readonly<Record<string, string>>
  /**
   * Starts what was wished on before, four at a time, and only what was agreed to; what starts on demand sleeps where
   * its lists are known.
   */
  restore(): void
  list(): Server[]
  get(id: ServerId): Server | null
  spec(id: ServerId): ServerSpec | null
  /** The owner asks for it, in the face named by `by`: that is agreement to what would run now. */
  start(id: ServerId, by?: string): void
  /** Starts it by itself, if it is wanted and rests: after a secret came, or consent. */
  resume(id: ServerId, cause: TransitionCause): void
  /** A second call while stopping jumps to the last rung. */
  stop(id: ServerId): void
  restart(id: ServerId, by?: string): void
  /** The source of a server that is wanted changed: it is started anew, if what runs then is still agreed to. */
  sourceChanged(id: ServerId): void
  /** Resolves with the server once it is `ready`, `failed`, `stopped` or needs a person, or when the time is over. */
  settled(id: ServerId, waitMs: number, signal?: AbortSignal): Promise<Server>
  /**
   * The link of a server that takes calls, or why it takes none. Asked for a call: wakes a server that sleeps, and has
   * one that kept stopping try once more, at most once a minute.
   */
  admit(id: ServerId): Admission
  /** Last known lists; null when never listed under this configuration. */
  listing(id: ServerId): Listing | null
  /** Tools that nobody has agreed to as they are now. */
  heldTools(id: ServerId): readonly string[]
  /** What the server said of itself, also while it is off; null when it never did under this configuration. */
  info(id: ServerId): LinkInfo | null
  /** What would run now beside what was agreed to. */
  review(id: ServerId): Promise<Consent>
  /** Agrees to what stands now. Throws `consent_stale` (409) when that is not what `seen` names. */
  approve(id: ServerId, by: string, seen?: string): Promise<void>
  effectiveLaunch(id: ServerId): Promise<{ launch: EffectiveLaunch | null; problem: string | null }>
  /** Ends a server that uses more than it may. */
  endOverLimit(id: ServerId, over: OverLimit): void
  /** The machine has slept: servers are asked whether they live, and deaths of the next minute do not count. */
  afterSleep(): void
  noteCall(id: ServerId, at: string): void
  /** A client has ended its last session: processes that were its own end. */
  clientLeft(client: LinkClient): void
}

export type Admission =
  | { kind: 'open'; link: Link; runId: RunId | null }
  /** Starting or backing off: worth a wait. */
  | { kind: 'wait' }
  | { kind: 'closed'; code: string; message: string; hint: string }
