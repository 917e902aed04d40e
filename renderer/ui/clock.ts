import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let now = wholeSecond()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  now = wholeSecond()
  for (const listener of listeners) listener()
}

/** The second that is running, by its end: a thing of three days ago is three days old, not two. */
function wholeSecond(): number {
  return Math.ceil(Date.now() / 1000) * 1000
}

/**
 * A value derived from the one clock of the page, which ticks each second: the component renders again only when the
 * value changes.
 */
export function useClock<T extends string | number>(derive: (nowMs: number) => T): T {
  // A clock that stood still while nobody listened would show the time of its last listener.
  return useSyncExternalStore(subscribe, () => derive(timer === undefined ? wholeSecond() : now))
}
