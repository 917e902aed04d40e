import type { Locator, Page } from '@playwright/test'

/** What is wrong with the home and with each server. */
export class DoctorPage {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** All that was looked at of the home (`Home`) or of a server. */
  panel(name: string): Locator {
    return this.#page.getByRole('region', { name, exact: true })
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog')
  }
}
