import type { Locator, Page } from '@playwright/test'

/** Charts, the table of servers and tools, and the endpoint for Prometheus. */
export class Metrics {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  panel(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true })
  }

  /** A row of the table, by its server or tool. */
  row(name: string): Locator {
    return this.page.getByRole('grid', { name: 'By server and tool' }).getByRole('row').filter({ hasText: name })
  }

  async showAs(view: 'Charts' | 'Numbers'): Promise<void> {
    await this.page.getByRole('group', { name: 'Show as' }).getByRole('button', { name: view }).click()
  }
}
