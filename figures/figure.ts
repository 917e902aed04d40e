/** One promise that a figure checks. */
interface Check {
  name: string
  isKept: boolean
  /** What was seen, where it was not what was promised. */
  seen: string | null
}

export interface FigureOptions {
  /** Fewer trials, so that it fits among all other tests. */
  readonly short: boolean
  /** Makes random choices repeatable. */
  readonly seed: number
}

/** Collects checks by name; a figure is kept when every one of them is. */
export class Figure {
  readonly name: string
  readonly #checks: Check[] = []

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

  get isKept(): boolean {
    return this.#checks.length > 0 && this.#checks.every(({ isKept }) => isKept)
  }

  /** `NAME n/N`, after a line for each promise that was not kept. */
  get report(): string {
    const broken = this.#checks.filter(({ isKept }) => !isKept)
    const lines = broken.map(({ name, seen }) => `  not kept: ${name}\n    ${seen?.replaceAll('\n', '\n    ')}`)
    return [...lines, `${this.name} ${this.#checks.length - broken.length}/${this.#checks.length}`].join('\n')
  }
}
