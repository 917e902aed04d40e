import { expect, type Locator, type Page } from '@playwright/test'

export class Runner {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get result(): Locator {
    return this.#page.getByRole('region', { name: 'Result', exact: true })
  }

  get outcome(): Locator {
    return this.result.getByRole('heading', { level: 2 })
  }

  get progress(): Locator {
    return this.result.getByRole('progressbar')
  }

  /** Shows a tool's form. */
  async choose(server: string, tool: string): Promise<void> {
    const group = this.#page.getByRole('navigation', { name: 'Tools by server' }).getByRole('region', { name: server })
    const more = group.getByRole('button', { name: / more$/ })
    await expect(group).toBeVisible()
    if (await more.isVisible()) await more.click()
    await group.getByRole('link', { name: new RegExp(`^${tool}\\b`) }).click()
    await expect(this.form(tool)).toBeVisible()
  }

  form(tool: string): Locator {
    return this.#page.getByRole('region', { name: `Arguments of ${tool}` })
  }

  /** Fills the form's text fields by their names. */
  async fill(tool: string, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      await this.form(tool)
        .getByRole('textbox', { name: new RegExp(`^${name}\\b`) })
        .fill(value)
    }
  }

  /** Calls a tool with these arguments; does not wait for its end. */
  async run(server: string, tool: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.choose(server, tool)
    await this.fill(tool, fields)
    await this.#page.getByRole('button', { name: /^Run tool/ }).click()
  }

  async cancel(): Promise<void> {
    await this.result.getByRole('button', { name: 'Cancel' }).click()
  }

  async openTask(): Promise<void> {
    await this.result.getByRole('link', { name: /^Open task/ }).click()
  }
}
