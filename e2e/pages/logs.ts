import type { Locator, Page } from '@playwright/test'

export class Logs {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get lines(): Locator {
    return this.#page.getByRole('log', { name: 'Log lines' })
  }

  get query(): Locator {
    return this.#page.getByRole('combobox', { name: /^Query/ }).or(this.#page.getByRole('textbox', { name: /^Query/ }))
  }

  async search(text: string): Promise<void> {
    await this.query.fill(text)
    await this.query.press('Enter')
  }
}
