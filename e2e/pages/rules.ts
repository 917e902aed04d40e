import { expect, type Locator, type Page } from '@playwright/test'

/** Rules, their runs, and the webhooks that fire them. */
export class Rules {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async show(view: 'Rules' | 'Runs' | 'Webhooks'): Promise<void> {
    await this.page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: view }).click()
  }

  /** Rows of a register: `Rules`, `Runs`, `Deliveries`. */
  rows(register: string): Locator {
    return this.page
      .getByRole('grid', { name: register })
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
  }

  /** A step of the run that is open: `slow: Running`. */
  step(name: string): Locator {
    return this.page.getByRole('list', { name: 'Task tree' }).getByRole('listitem', { name })
  }

  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label, exact: true }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  /** Lets GitHub send webhooks; resolves with the secret, which is shown this once. */
  async letGitHubSend(): Promise<string> {
    await this.show('Webhooks')
    await this.page.getByRole('button', { name: 'Let somebody send' }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Make the secret' }).click()
    const secret = (await dialog.locator('code').nth(1).textContent())!
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(dialog).toBeHidden()
    return secret
  }
}
