/** One property of reliability.md: what holds for any input. */
export interface Property {
  readonly name: string
  /** Its part of all inputs. */
  readonly share: number
  /** Throws, with the smallest input it found, when the property does not hold. */
  run(runs: { numRuns: number; seed: number }, watch: Watch): Promise<void> | void
}

/** Counts inputs and finds the one that kept the thread busy longest, by its own processor time. */
export class Watch {
  inputs = 0
  worstMs = 0

  /** Runs the predicate over one input. A busy neighbour on the machine does not count. */
  input<T>(run: () => T): T {
    this.inputs++
    const before = process.threadCpuUsage()
    try {
      return run()
    } finally {
      this.#note(before)
    }
  }

  /** The same where the predicate waits in between: an upper bound, the sum of its turns. */
  async asyncInput<T>(run: () => Promise<T>): Promise<T> {
    this.inputs++
    const before = process.threadCpuUsage()
    try {
      return await run()
    } finally {
      this.#note(before)
    }
  }

  #note(before: NodeJS.CpuUsage): void {
    const { user, system } = process.threadCpuUsage(before)
    this.worstMs = Math.max(this.worstMs, (user + system) / 1000)
  }
}
