/** How one life of a server ended without anybody asking for it. */
export interface Ending {
  /** Monotonic milliseconds. */
  readonly atMs: number
  /** Milliseconds that it had been ready; null when it never was. */
  readonly readyMs: number | null
  /** Trying again cannot help: the configuration is wrong. */
  readonly isPermanent: boolean
  /** The cause lies outside, as a network that is down: worth trying for ever, and never held against it. */
  readonly isOutside: boolean
  /** It ended by itself with code 0, which some do who think that they are through: it counts half. */
  readonly isClean: boolean
}

type RestartDecision =
  /** `attempt` numbers the start that follows: 2 is the second try. */
  | { kind: 'retry'; delayMs: number; attempt: number }
  /** Stop trying until a person decides. `exits` happened within `spanMs`. */
  | { kind: 'crash_loop'; exits: number; spanMs: number }
  | { kind: 'fail' }

export interface RestartRules {
  /** Waits before the second, third … start; the last one goes on. */
  readonly delaysMs: readonly number[]
  /** A wait varies by up to this part of itself, so that many servers do not come back in one moment. */
  readonly jitter: number
  /** A life that was ready this long makes all earlier endings forgotten. */
  readonly forgivenAfterMs: number
  /** Endings that weigh this much within the window are a crash loop. */
  readonly loopExits: number
  readonly loopWindowMs: number
  /** So are failed starts in a row that weigh this much. */
  readonly loopFailedStarts: number
}

export const defaultRestartRules: RestartRules = {
  delaysMs: [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000],
  jitter: 0.2,
  forgivenAfterMs: 10 * 60_000,
  loopExits: 5,
  loopWindowMs: 5 * 60_000,
  loopFailedStarts: 3,
}

/**
 * What follows the last of the endings, oldest first, since somebody asked for a start. `random` is in [0, 1).
 */
export function nextRestart(endings: readonly Ending[], rules: RestartRules, random: number): RestartDecision {
  const last = endings.at(-1)!
  if (last.isPermanent) return { kind: 'fail' }

  // The end of a long healthy life is itself the first of the endings that count.
  const healthy = endings.findLastIndex((ending) => (ending.readyMs ?? 0) >= rules.forgivenAfterMs)
  const counted = endings.slice(Math.max(healthy, 0))
  const own = counted.filter(({ isOutside }) => !isOutside)
  const lately = own.filter((ending) => last.atMs - ending.atMs < rules.loopWindowMs)
  const failedStarts = own.slice(own.findLastIndex((ending) => ending.readyMs !== null) + 1)
  if (!last.isOutside && weightOf(lately) >= rules.loopExits) return crashLoop(lately)
  if (!last.isOutside && weightOf(failedStarts) >= rules.loopFailedStarts) return crashLoop(failedStarts)

  const delayMs = rules.delaysMs[Math.min(counted.length, rules.delaysMs.length) - 1]!
  const factor = 1 + rules.jitter * (2 * random - 1)
  return { kind: 'retry', delayMs: Math.round(delayMs * factor), attempt: counted.length + 1 }
}

function weightOf(endings: readonly Ending[]): number {
  return endings.reduce((sum, { isClean }) => sum + (isClean ? 0.5 : 1), 0)
}

function crashLoop(endings: readonly Ending[]): RestartDecision {
  return { kind: 'crash_loop', exits: endings.length, spanMs: endings.at(-1)!.atMs - endings[0]!.atMs }
}
