/** Lets a few starts run side by side; the others wait in the order in which they came. */
export class StartSlots {
  readonly #holdMs: number
  readonly #queue: (() => void)[] = []
  #free: number

  /** A start that takes longer than `holdMs` gives its place up, so that one slow download holds nobody back. */
  constructor(count = 4, holdMs = 10_000) {
    this.#free = count
    this.#holdMs = holdMs
  }

  /** Resolves with the place, to be given back by disposing of it; at once when the signal fires. */
  async take(signal: AbortSignal, onQueued: () => void): Promise<Disposable> {
    if (this.#free > 0) {
      this.#free--
      return this.#place()
    }
    onQueued()
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const granted = (): void => resolve(true)
    const leave = (): void => resolve(false)
    this.#queue.push(granted)
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    const hasPlace = await promise
    signal.removeEventListener('abort', leave)
    if (hasPlace) return this.#place()
    // Granted in the same moment: the place is passed on.
    const waiting = this.#queue.indexOf(granted)
    if (waiting === -1) this.#giveBack()
    else this.#queue.splice(waiting, 1)
    return { [Symbol.dispose]() {} }
  }

  #place(): Disposable {
    let isHeld = true
    const giveBack = (): void => {
      if (!isHeld) return
      isHeld = false
      clearTimeout(timer)
      this.#giveBack()
    }
    const timer = setTimeout(giveBack, this.#holdMs)
    return { [Symbol.dispose]: giveBack }
  }

  #giveBack(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
