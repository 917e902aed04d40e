import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { Person } from '../person.ts'
import type { App } from './app.ts'

/** A page with something on it, for the checks and the pictures that go through all of them. */
export interface Place {
  readonly name: string
  show(app: App): Promise<void>
}

/** Gives every page something to show: servers in several states, calls that went well and badly, a log. */
export async function fillPages(app: App, person: Person): Promise<void> {
  await app.goTo('Servers')
  for (const id of ['everything', 'filesystem', 'memory']) await app.servers.start(id)
  await app.goTo('Runner')
  const calls: [string, string, Record<string, string>][] = [
    ['everything', 'echo', { message: 'Track 4 is clear' }],
    ['filesystem', 'read_text_file', { path: join(person.work, 'missing.txt') }],
    ['memory', 'read_graph', {}],
    ['filesystem', 'read_text_file', { path: join(person.work, 'hello.txt') }],
  ]
  for (const [server, tool, fields] of calls) {
    await app.runner.run(server, tool, fields)
    await expect(app.runner.outcome).toHaveText(/Completed|Failed/)
  }
  await app.goTo('Clients')
  await app.clients.issue('My script')
  await app.clients.show('Profiles')
  await app.clients.makeProfile('Work')
  for (const [id, name] of Object.entries({
    'every-morning': 'Every morning',
    'server-down': 'Tell me when a server fails',
  })) {
    await app.open(`/rules/new?from=${id}`)
    await app.page.getByRole('button', { name: 'Save and switch on' }).click()
    await expect(app.title).toContainText(name)
  }
  await app.page.getByRole('button', { name: 'Dry run' }).click()
  await app.page.getByRole('button', { name: 'Fire this event' }).click()
  await expect(app.rules.step('notify: Completed')).toBeVisible()
}

export const places: readonly Place[] = [
  { name: 'home', show: (app) => open(app, '/', 'Home') },
  { name: 'servers', show: (app) => app.goTo('Servers') },
  { name: 'server', show: (app) => open(app, '/servers/memory', 'memory') },
  { name: 'runner', show: (app) => open(app, '/runner/filesystem/read_text_file', 'Runner') },
  {
    name: 'tasks',
    async show(app) {
      await app.goTo('Tasks')
      await app.tasks.open('read_text_file')
      await expect(app.tasks.heading('read_text_file')).toBeVisible()
    },
  },
  { name: 'logs', show: (app) => app.goTo('Logs') },
  { name: 'metrics', show: (app) => app.goTo('Metrics') },
  { name: 'rules', show: (app) => app.goTo('Rules') },
  { name: 'runs', show: (app) => open(app, '/rules?view=runs', 'Rules') },
  {
    name: 'dry-run',
    async show(app) {
      await app.open('/rules/new?from=server-down&as=try')
      await expect(app.page.getByRole('region', { name: 'What it would do' }).getByRole('status')).toBeVisible()
    },
  },
  { name: 'rule', show: (app) => open(app, '/rules/new?from=triage-issue', 'New rule') },
  {
    name: 'webhooks',
    async show(app) {
      await app.open('/rules?view=webhooks')
      await expect(app.page.getByText('Nobody may send webhooks here')).toBeVisible()
    },
  },
  {
    name: 'sender',
    async show(app) {
      await app.open('/rules?view=webhooks&add=source')
      await expect(app.page.getByRole('dialog')).toBeVisible()
    },
  },
  { name: 'approvals', show: (app) => app.goTo('Approvals') },
  { name: 'approval-rules', show: (app) => open(app, '/approvals?view=rules', 'Approvals') },
  {
    name: 'doctor',
    async show(app) {
      await app.open('/doctor?server=memory')
      await expect(app.doctor.panel('memory')).toContainText('checks passed')
    },
  },
  {
    name: 'api',
    async show(app) {
      await app.open('/api/tasks.create')
      await expect(app.page.getByRole('heading', { name: '/api/v1/tasks' })).toBeVisible()
    },
  },
  {
    name: 'new-server',
    async show(app) {
      await app.open('/servers?add=own')
      await expect(app.page.getByRole('dialog', { name: 'New custom server' })).toBeVisible()
    },
  },
  { name: 'clients', show: (app) => app.goTo('Clients') },
  {
    name: 'profile',
    async show(app) {
      await app.open('/clients?view=profiles')
      await expect(await app.clients.tick('everything', 'echo')).toBeVisible()
    },
  },
  {
    name: 'context-budget',
    async show(app) {
      await app.open('/clients?view=context')
      await expect(app.page.getByRole('grid', { name: 'Context by server' })).toBeVisible()
    },
  },
  {
    name: 'missing-tool',
    async show(app) {
      await app.open('/clients')
      await app.clients.askWhy('My script', 'everything', 'echo')
      await expect(app.page.getByRole('dialog').getByRole('status')).toBeVisible()
    },
  },
  { name: 'settings', show: (app) => app.goTo('Settings') },
  {
    name: 'palette',
    async show(app) {
      await app.goTo('Home')
      await app.palette.open()
    },
  },
  { name: 'first-run', show: (app) => open(app, '/import', 'Bring your servers in') },
]

async function open(app: App, path: string, title: string): Promise<void> {
  await app.open(path)
  await expect(app.title).toContainText(title)
}
