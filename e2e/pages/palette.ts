import type { Locator, Page } from '@playwright/test'

export class Palette {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog')
  }

  async open(): Promise<void> {
    await this.#page.keyboard.press('ControlOrMeta+k')
    await this.dialog.waitFor()
  }

  /** Opens it, types, and takes the entry of this name. */
  async choose(typed: string, name: string | RegExp): Promise<void> {
    await this.open()
    await this.dialog.getByRole('combobox').fill(typed)
    await this.dialog.getByRole('option', { name }).first().click()
  }
}
