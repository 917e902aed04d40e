import type { Locator, Page } from '@playwright/test'

/** The inbox of calls that wait, its rules and the limits. */
export class Approvals {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** A waiting call, by what it wants: `Cursor wants to call remove of files`. */
  held(name: string): Locator {
    return this.page.getByRole('list', { name: 'Waiting calls' }).getByRole('listitem', { name })
  }

  async show(view: 'Waiting' | 'Rules' | 'Limits' | 'Record'): Promise<void> {
    await this.page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: view }).click()
  }

  /** A row of a list: `Rules`, `Remembered answers`, `Limits`, `Answers`. */
  row(list: string, name: string): Locator {
    return this.page.getByRole('list', { name: list, exact: true }).getByRole('listitem').filter({ hasText: name })
  }

  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }
}
