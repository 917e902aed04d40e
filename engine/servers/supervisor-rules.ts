import { defaultRestartRules, type RestartRules } from './restart-policy.ts'

/** Every number by which servers are run, so that tests need not wait for them. */
export interface SupervisorRules {
  readonly restart: RestartRules
  /** In [0, 1). */
  readonly random: () => number
  /** Starts side by side. */
  readonly startsAtOnce: number
  /** Milliseconds without traffic until a legacy server is pinged. */
  readonly pingAfterMs: number
  /** Milliseconds that a ping may take. */
  readonly pingTimeoutMs: number
  /** Lists are asked for anew at most once in this time, in milliseconds. */
  readonly relistMs: number
  /** A fault makes a server degraded for this long, in milliseconds. */
  readonly faultMs: number
  /** A server that kept stopping is tried once more for a call, at most once in this time, in milliseconds. */
  readonly singleTryMs: number
  /** Milliseconds in which a server must answer after the machine has slept. */
  readonly wakeProbeMs: number
  /** Milliseconds after a sleep of the machine in which deaths are not held against a server. */
  readonly wakeMercyMs: number
  /** A process of one client is ended after so many milliseconds without a call, unless its server has a time of its own. */
  readonly clientIdleMs: number
  /** Milliseconds until whatever still runs is killed when the app quits. */
  readonly quitMs: number
}

export const defaultSupervisorRules: SupervisorRules = {
  restart: defaultRestartRules,
  random: Math.random,
  startsAtOnce: 4,
  pingAfterMs: 60_000,
  pingTimeoutMs: 10_000,
  relistMs: 2000,
  faultMs: 10 * 60_000,
  singleTryMs: 60_000,
  wakeProbeMs: 10_000,
  wakeMercyMs: 60_000,
  clientIdleMs: 10 * 60_000,
  quitMs: 8000,
}
