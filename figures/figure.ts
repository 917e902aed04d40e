/** How a figure is asked for. */
export interface FigureOptions {
  /** Fewer trials and a part that the seed picks, so that it fits among all other tests. */
  readonly short: boolean
  /** Makes random choices repeatable. */
  readonly seed: number
  /** Parts by name, where a figure has named parts; empty: all. */
  readonly only: readonly string[]
}

/** One promise that a figure checks. */
interface Check {
  name: string
  isKept: boolean
  /** What was seen, where it was not what was promised. */
  seen: string | null
}

/** Collects checks by name; a figure is kept when every one of them is. */
export class Figure {
  readonly name: string
  readonly #checks: Check[] = []
  readonly #notRun: { name: string; reason: string }[] = []
  readonly #notes: string[] = []

  constructor(name: string) {
    this.name = name
  }

  /** Runs one check: it is kept when the function returns without throwing. */
  async check(name: string, run: () => void | Promise<void>): Promise<void> {
    try {
      await run()
      this.#checks.push({ name, isKept: true, seen: null })
    } catch (error) {
      this.#checks.push({ name, isKept: false, seen: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Names a promise that cannot be checked here. It counts in N and not in n. */
  notRun(name: string, reason: string): void {
    this.#notRun.push({ name, reason })
  }

  /** A fact worth telling that is no promise. */
  note(text: string): void {
    this.#notes.push(text)
  }

  /** Names of the promises that could not be checked here. */
  get leftOut(): string[] {
    return this.#notRun.map(({ name }) => name)
  }

  /** Whether every check that ran is kept, and at least one ran. */
  get isKept(): boolean {
    return this.#checks.length > 0 && this.#checks.every(({ isKept }) => isKept)
  }

  /** `NAME n/N`, after a line for each promise that was not kept or not run. */
  get report(): string {
    const broken = this.#checks.filter(({ isKept }) => !isKept)
    const lines = broken.map(({ name, seen }) => `  not kept: ${name}\n    ${seen?.replaceAll('\n', '\n    ')}`)
    const left = this.#notRun.map(({ name, reason }) => `  ${name}\n    not run: ${reason}`)
    const kept = this.#checks.length - broken.length
    const notes = this.#notes.map((note) => `  ${note}`)
    return [...notes, ...lines, ...left, `${this.name} ${kept}/${this.#checks.length + this.#notRun.length}`].join('\n')
  }
}
