import { test as base, expect } from '@playwright/test'
import { type Face, startInBrowser, startOnDesktop } from './face.ts'
import { App } from './pages/app.ts'
import { newPerson, type Person, type Seed } from './person.ts'

interface Options {
  /** What stands in `mcp.json` before the first start. */
  seed: Seed
}

interface Fixtures {
  person: Person
  signalbox: Signalbox
  app: App
}

/** The program of one test: it can be stopped and started again in the same home. */
export class Signalbox {
  readonly #start: () => Promise<Face>
  #face: Face | null = null

  constructor(start: () => Promise<Face>) {
    this.#start = start
  }

  get face(): Face {
    if (this.#face === null) throw new Error('Signalbox is not running')
    return this.#face
  }

  /** Resolves once the page has something to show. */
  async start(): Promise<App> {
    this.#face = await this.#start()
    const app = new App(this.face.page)
    await expect(app.title).toBeVisible()
    return app
  }

  async stop(): Promise<void> {
    await this.#face?.[Symbol.asyncDispose]()
    this.#face = null
  }
}

export const test = base.extend<Options & Fixtures>({
  seed: ['reference servers', { option: true }],
  person: async ({ seed }, use) => {
    using person = newPerson(seed)
    await use(person)
  },
  signalbox: async ({ person, browser }, use, { project }) => {
    const signalbox = new Signalbox(() =>
      project.name === 'desktop' ? startOnDesktop(person) : startInBrowser(person, browser),
    )
    await use(signalbox)
    await signalbox.stop()
  },
  app: async ({ signalbox }, use) => {
    await use(await signalbox.start())
  },
})
