import { useSyncExternalStore } from 'react'

type UseClock = <T extends string | number>(derive: (nowMs: number) => T) => T

/**
 * A value derived from the one clock of the page, which ticks each second: the component renders again only when the
 * value changes.
 */
export const useClock = sharedClock(1000)

/** The same, ten times a second: for what is being timed under somebody's eyes. */
export const useFastClock = sharedClock(100)

function sharedClock(periodMs: number): UseClock {
  const listeners = new Set<() => void>()
  let now = 0
  let timer: ReturnType<typeof setInterval> | undefined

  // The period that is running, by its end: a thing of three days ago is three days old, not two.
  function wholePeriod(): number {
    return Math.ceil(Date.now() / periodMs) * periodMs
  }

  function tick(): void {
    now = wholePeriod()
    for (const listener of listeners) listener()
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    if (timer === undefined) {
      now = wholePeriod()
      timer = setInterval(tick, periodMs)
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }

  // Without a listener nothing ticks, so the time is read anew.
  return (derive) => useSyncExternalStore(subscribe, () => derive(timer === undefined ? wholePeriod() : now))
}
