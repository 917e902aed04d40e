import { livenessMethod, type TrackedLink } from './tracked-link.ts'

interface HeartbeatOptions {
  readonly afterMs: number
  readonly timeoutMs: number
  /** Two beats in a row were missed. Told once, until one is answered. */
  onSilent(): void
  /** Told with that one and each that is missed after it. */
  onStillSilent(): void
  onAnswered(): void
}

/**
 * Asks an idle server whether it lives, so that `ready` stays proved. Any answer counts, an error too. A call in flight keeps it quiet:
 * a server that works on a long call is not dead.
 */
export function startHeartbeat(link: TrackedLink, options: HeartbeatOptions): Disposable {
  const over = new AbortController()
  let missed = 0
  let timer = setTimeout(beat, options.afterMs)

  async function beat(): Promise<void> {
    const leftMs = options.afterMs - link.idleMs
    if (leftMs > 0 && missed === 0) return schedule(leftMs)
    const { timeoutMs } = options
    const answer = await link.request(
      livenessMethod[link.info.era],
      {},
      { timeoutMs, maxTotalMs: timeoutMs, signal: over.signal },
    )
    if (over.signal.aborted) return
    // A remote server that cannot be reached answers `closed`; a link that has ended disposes of this.
    if (answer.kind === 'timed_out' || answer.kind === 'closed') {
      missed++
      if (missed === 2) options.onSilent()
      if (missed >= 2) options.onStillSilent()
    } else {
      if (missed >= 2) options.onAnswered()
      missed = 0
    }
    schedule(missed === 1 ? options.timeoutMs : options.afterMs)
  }

  function schedule(ms: number): void {
    timer = setTimeout(beat, ms)
  }

  return {
    [Symbol.dispose]() {
      over.abort()
      clearTimeout(timer)
    },
  }
}
