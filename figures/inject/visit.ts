import type { BrowserContext, Page } from '@playwright/test'
import type { Program } from '../program.ts'
import { Witness } from './witness.ts'

/** How long a text may take to be drawn. */
const patienceMs = 20_000
/** Where so many in a row were not drawn at all, the next ones need not be waited for. */
const mostMissed = 3

/** The page, open once for all texts, with its witness. */
export class Visit {
  readonly page: Page
  readonly witness: Witness
  #missed = 0

  private constructor(page: Page, witness: Witness) {
    this.page = page
    this.witness = witness
  }

  static async open(program: Program, context: BrowserContext): Promise<Visit> {
    const page = await context.newPage()
    const witness = await Witness.on(page, program.url)
    await page.goto(await program.pageLink())
    await page.getByRole('navigation').first().waitFor()
    return new Visit(page, witness)
  }

  /** Goes to a place within the page; resolves once the place before it is gone. */
  async go(path: string): Promise<void> {
    await this.page.evaluate(showHash, path)
  }

  /** Of these marks, those that are drawn; waits until enough of them are. */
  async drawn(wanted: Wanted): Promise<Set<string>> {
    const waitMs = this.#missed < mostMissed ? patienceMs : 500
    const found = new Set(await this.page.evaluate(drawnWithin, { ...wanted, waitMs }))
    this.#missed = found.size >= wanted.least ? 0 : this.#missed + 1
    return found
  }
}

/** What should be drawn. */
interface Wanted {
  /** The part of the page, as a selector; `host >>> part` looks into a shadow root. */
  readonly within: string
  readonly marks: readonly string[]
  /** How often each: something beside what is looked for may show it as well. */
  readonly times: number
  /** How many of the marks are enough. */
  readonly least: number
}

/** Runs in the page. */
async function showHash(path: string): Promise<void> {
  if (location.hash === `#${path}`) return
  // The page's own listener is older, so that it has drawn when ours is told.
  const { promise, resolve } = Promise.withResolvers()
  addEventListener('hashchange', resolve, { once: true })
  location.hash = path
  await promise
}

/** Runs in the page. One turn for all of it, there are many. */
async function drawnWithin({ within, marks, times, least, waitMs }: Wanted & { waitMs: number }): Promise<string[]> {
  const deadline = performance.now() + waitMs
  const drawn = (): string[] => {
    const [outer, inner] = within.split(' >>> ')
    const parts = [...document.querySelectorAll(outer!)].flatMap((part) =>
      inner === undefined ? part : [...(part.shadowRoot?.querySelectorAll(inner) ?? [])],
    )
    const text = parts.map((part) => part.textContent).join(' ')
    const counts = new Map<string, number>()
    for (const [mark] of text.matchAll(/[mf]\d{4}q/g)) counts.set(mark, (counts.get(mark) ?? 0) + 1)
    return marks.filter((mark) => (counts.get(mark) ?? 0) >= times)
  }
  let found = drawn()
  while (found.length < least && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    found = drawn()
  }
  return found
}
