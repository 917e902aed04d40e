import type { Locator, Page } from '@playwright/test'

export class Tasks {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get register(): Locator {
    return this.#page.getByRole('grid', { name: /^[\d,]+ tasks?/ })
  }

  /** Rows of the register, by tool and server as they stand there. */
  rows(call: string | RegExp): Locator {
    return this.register.getByRole('row').filter({ hasText: call })
  }

  async open(call: string | RegExp): Promise<void> {
    await this.rows(call).first().click()
  }

  /** The name of the open task's tool. */
  heading(tool: string): Locator {
    return this.#page.getByRole('heading', { level: 2, name: tool, exact: true })
  }

  get parts(): Locator {
    return this.#page.getByRole('tablist', { name: 'Parts of the task' })
  }

  async openPart(name: 'Timeline' | 'Input' | 'Result' | 'JSON'): Promise<void> {
    await this.parts.getByRole('tab', { name }).click()
  }

  get panel(): Locator {
    return this.#page.getByRole('tabpanel')
  }

  async runAgain(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Run again' }).click()
  }
}
