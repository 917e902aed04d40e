import { expect, type Locator, type Page } from '@playwright/test'
import { Approvals } from './approvals.ts'
import { Clients } from './clients.ts'
import { DoctorPage } from './doctor.ts'
import { FirstRun } from './first-run.ts'
import { Logs } from './logs.ts'
import { Metrics } from './metrics.ts'
import { Palette } from './palette.ts'
import { Rules } from './rules.ts'
import { Runner } from './runner.ts'
import { Servers } from './servers.ts'
import { Settings } from './settings.ts'
import { Tasks } from './tasks.ts'

export type PageName =
  | 'Home'
  | 'Servers'
  | 'Runner'
  | 'Tasks'
  | 'Logs'
  | 'Approvals'
  | 'Rules'
  | 'Clients'
  | 'Metrics'
  | 'Doctor'
  | 'Settings'

/** Signalbox as a person sees it, whatever face it has. */
export class App {
  readonly page: Page
  readonly approvals: Approvals
  readonly clients: Clients
  readonly doctor: DoctorPage
  readonly firstRun: FirstRun
  readonly logs: Logs
  readonly metrics: Metrics
  readonly palette: Palette
  readonly rules: Rules
  readonly runner: Runner
  readonly servers: Servers
  readonly settings: Settings
  readonly tasks: Tasks

  constructor(page: Page) {
    this.page = page
    this.approvals = new Approvals(page)
    this.clients = new Clients(page)
    this.doctor = new DoctorPage(page)
    this.firstRun = new FirstRun(page)
    this.logs = new Logs(page)
    this.metrics = new Metrics(page)
    this.palette = new Palette(page)
    this.rules = new Rules(page)
    this.runner = new Runner(page)
    this.servers = new Servers(page)
    this.settings = new Settings(page)
    this.tasks = new Tasks(page)
  }

  /** The heading of the page that is shown. */
  get title(): Locator {
    return this.page.getByRole('heading', { level: 1 })
  }

  async goTo(name: PageName): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click()
    await expect(this.title).toHaveText(name)
  }

  /** Shows a place by its address, as a bookmark or a link does. */
  async open(path: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, path)
  }
}
