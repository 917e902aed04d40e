import { expect, type Locator, type Page } from '@playwright/test'

export class FirstRun {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get heading(): Locator {
    return this.#page.getByRole('heading', { level: 1, name: 'Bring your servers in' })
  }

  get table(): Locator {
    return this.#page.getByRole('grid', { name: 'Servers that can be imported' })
  }

  get programs(): Locator {
    return this.#page.getByRole('complementary', { name: 'Programs on this machine' })
  }

  row(id: string): Locator {
    return this.table
      .getByRole('row')
      .filter({ has: this.#page.getByRole('checkbox', { name: `Import ${id}`, exact: true }) })
  }

  tick(id: string): Locator {
    return this.table.getByRole('checkbox', { name: `Import ${id}`, exact: true })
  }

  /** Ticks exactly these servers and imports them. */
  async import(ids: readonly string[]): Promise<void> {
    const all = this.table.getByRole('checkbox', { name: 'All servers' })
    await all.click()
    if (await all.isChecked()) await all.click()
    for (const id of ids) await this.tick(id).click()
    await this.#page.getByRole('button', { name: 'Import and start' }).click()
    await expect(this.#page.getByText(`${ids.length} of `).first()).toContainText('imported')
  }

  async leave(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Go to Servers' }).click()
  }
}
