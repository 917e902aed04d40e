import { expect, type Locator, type Page } from '@playwright/test'

export class Servers {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get table(): Locator {
    return this.#page.getByRole('grid', { name: 'Servers', exact: true })
  }

  row(id: string): Locator {
    return this.table.getByRole('row').filter({ has: this.lever(id) })
  }

  lever(id: string): Locator {
    return this.#page.getByRole('switch', { name: `${id}: keep running` })
  }

  /** The server's signal on the shelf, which every page has. */
  signal(id: string): Locator {
    return this.#page.getByRole('navigation', { name: 'Signals of all servers' }).getByRole('link', { name: `${id}:` })
  }

  /** Throws the lever on and waits until the server is ready. */
  async start(id: string): Promise<void> {
    await this.lever(id).click()
    await this.is(id, 'ready')
  }

  async stop(id: string): Promise<void> {
    await this.lever(id).click()
    await this.is(id, 'stopped')
  }

  /** Waits until the shelf shows this state, by its word in lower case. */
  async is(id: string, state: string): Promise<void> {
    await expect(this.signal(id)).toHaveAccessibleName(new RegExp(`^${id}: ${state} `), { timeout: 30_000 })
  }

  async openTab(name: 'Overview' | 'Tools' | 'Logs' | 'Tasks' | 'Config'): Promise<void> {
    await this.#page.getByRole('tab', { name }).click()
  }
}
