import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of the main thread: both halves of the space together. */
const mostBytes = 32 * 1024 * 1024

/**
 * Keeps the space in which V8 makes new objects within 32 MiB: left alone it grows to 128 MiB under load, fills up with what is dead
 * long since, and a program that is open all day holds that. Its size can be told on the command line only, by how much it may grow
 * at any time; after a quiet while V8 makes it small, and then it grows again. Threads that begin from now on have 8 MiB at once,
 * since what is decided here for the main thread holds for them too.
 */
export function boundNewSpace(): Disposable {
  setFlagsFromString('--min-semi-space-size=4')
  let mayGrow = true
  const look = (): void => {
    const isSmall = newSpaceBytes() < mostBytes
    if (isSmall === mayGrow) return
    mayGrow = isSmall
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`)
  }
  look()
  // It grows and shrinks when garbage is collected, and at no other time.
  const observer = new PerformanceObserver(look)
  observer.observe({ entryTypes: ['gc'] })
  return { [Symbol.dispose]: () => observer.disconnect() }
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!.space_size
}
