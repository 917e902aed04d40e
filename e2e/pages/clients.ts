import { expect, type Locator, type Page } from '@playwright/test'

/** The page of clients, with its views and dialogs. */
export class Clients {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  card(name: string): Locator {
    return this.page.getByRole('list', { name: 'Clients' }).getByRole('listitem', { name })
  }

  /** One fact of a card: `Last call`. */
  fact(name: string, term: string): Locator {
    return this.card(name).locator('dl > div', { hasText: term }).getByRole('definition')
  }

  /** Makes a client; its token. */
  async issue(name: string): Promise<string> {
    await this.page.getByRole('button', { name: 'Issue a token' }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    const token = (await dialog.getByRole('definition').first().textContent()) ?? ''
    await dialog.getByRole('button', { name: 'Done' }).click()
    return token
  }

  async show(view: 'Clients' | 'Profiles' | 'Context budget'): Promise<void> {
    await this.page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: view }).click()
  }

  async makeProfile(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New profile' }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    await dialog.getByRole('button', { name: 'Make it' }).click()
    // It shows the profile then, wherever the page was led to meanwhile.
    await expect(dialog).toBeHidden()
  }

  /** A tool's tick box in the profile that is shown. */
  async tick(server: string, tool: string): Promise<Locator> {
    await this.page.getByRole('button', { name: `Show the tools of ${server}` }).click()
    return this.page.getByRole('checkbox', { name: tool, exact: true })
  }

  async choose(within: Locator, label: string, option: string): Promise<void> {
    await within.getByRole('combobox', { name: label }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  /** Asks why a tool is missing; the dialog with the answer. */
  async askWhy(name: string, server: string, tool: string): Promise<Locator> {
    await this.card(name).getByRole('button', { name: 'Why is a tool missing?' }).click()
    const dialog = this.page.getByRole('dialog')
    await this.choose(dialog, 'Server', server)
    await this.choose(dialog, 'Tool', tool)
    return dialog
  }

  /** A program's own file. */
  program(name: string): Locator {
    return this.page.getByRole('region', { name: 'Programs on this machine' }).getByRole('listitem', { name })
  }
}
