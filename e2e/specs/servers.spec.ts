import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('throws a lever, and the server becomes ready; throws it back, and it stops', async ({ app, signalbox }) => {
  await app.goTo('Servers')
  await app.servers.start('everything')
  await expect(app.servers.row('everything')).toContainText('Ready')
  expect(await signalbox.face.api('/servers/everything')).toMatchObject({ state: 'ready', wished: true })
  await app.servers.stop('everything')
  expect(await signalbox.face.api('/servers/everything')).toMatchObject({ state: 'stopped', wished: false, pid: null })
})

test('shows the steps of the last start', async ({ app }) => {
  await app.goTo('Servers')
  await app.servers.start('memory')
  await app.open('/servers/memory')
  const steps = app.page.getByRole('region', { name: 'Last start' })
  for (const name of ['Resolve', 'Spawn', 'First byte', 'Handshake', 'List']) await expect(steps).toContainText(name)
  await app.servers.openTab('Tools')
  await expect(app.page.getByRole('list', { name: 'Tools' })).toContainText('create_entities')
})

test('throws a lever from the keyboard, through the palette', async ({ app }) => {
  await app.palette.choose('start memory', /memory/)
  await app.servers.is('memory', 'ready')
  await app.palette.choose('logs', 'Go to Logs')
  await expect(app.title).toHaveText('Logs')
})

test('does from the palette what the page itself can do', async ({ app }) => {
  await app.palette.choose('logs', 'Go to Logs')
  await app.palette.choose('pause', 'Pause the log')
  await expect(app.page.getByText(/Paused at/)).toBeVisible()
  await app.palette.choose('held', 'Show the lines that are held')
  await expect(app.page.getByText(/Paused at/)).toBeHidden()
})

test('keeps the view when the page is loaded again', async ({ app }) => {
  await app.open('/servers/filesystem?tab=config')
  const tab = app.page.getByRole('tab', { name: 'Config' })
  await expect(tab).toHaveAttribute('aria-selected', 'true')
  await app.page.reload()
  await expect(app.title).toContainText('filesystem')
  await expect(tab).toHaveAttribute('aria-selected', 'true')
})

test('keeps history and wishes over a second start', async ({ signalbox, person }) => {
  const first = await signalbox.start()
  await first.goTo('Servers')
  await first.servers.start('filesystem')
  await first.goTo('Runner')
  await first.runner.run('filesystem', 'list_allowed_directories')
  await expect(first.runner.outcome).toHaveText('Completed')
  await signalbox.stop()

  const second = await signalbox.start()
  await second.servers.is('filesystem', 'ready')
  await second.goTo('Tasks')
  await second.tasks.open('list_allowed_directories')
  await second.tasks.openPart('Result')
  await expect(second.tasks.panel).toContainText(person.work)
  await second.goTo('Servers')
  await expect(second.servers.lever('memory')).not.toBeChecked()
})

test('lets a server sleep over a start, and the first call wakes it', async ({ signalbox }) => {
  const first = await signalbox.start()
  await first.goTo('Servers')
  await first.servers.start('memory')
  await first.open('/servers/memory')
  await first.servers.openTab('Config')
  await first.page.getByRole('checkbox', { name: 'Starts with the first call' }).click()
  await expect(first.page.getByRole('checkbox', { name: 'Starts with the first call' })).toBeChecked()
  await first.page.getByRole('combobox', { name: 'Stops without calls' }).click()
  await first.page.getByRole('option', { name: 'after 15 min' }).click()
  await expect
    .poll(() => signalbox.face.api('/servers/memory/config'))
    .toMatchObject({ entry: { signalbox: { on_demand: true, idle_stop_s: 900 } } })
  await first.servers.is('memory', 'ready')
  await signalbox.stop()

  const second = await signalbox.start()
  await second.servers.is('memory', 'asleep')
  await second.goTo('Runner')
  await second.runner.run('memory', 'read_graph')
  await expect(second.runner.outcome).toHaveText('Completed')
  await second.servers.is('memory', 'ready')
})
