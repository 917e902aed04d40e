import { expect, type Locator, type Page } from '@playwright/test'

type Section = 'Appearance' | 'Store' | 'Retention' | 'Backup' | 'Security' | 'Commands' | 'About'

export class Settings {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  section(name: Section): Locator {
    return this.#page.getByRole('region', { name, exact: true })
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog')
  }

  /** Names a file in the dialog that is open, and does what it is for. */
  async toFile(file: string, verb: string): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'File' }).fill(file)
    await this.dialog.getByRole('button', { name: verb, exact: true }).click()
    await expect(this.dialog).toBeHidden()
  }

  secret(name: string): Locator {
    return this.#page.getByRole('list', { name: 'Secrets' }).getByRole('listitem').filter({ hasText: name })
  }
}
