import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('keeps a choice, shows what it costs here, and removes nothing before a limit is saved', async ({
  app,
  signalbox,
}) => {
  await app.goTo('Settings')
  const store = app.settings.section('Store')
  await store.getByRole('button', { name: 'Measure it here' }).click()
  await expect(store.getByRole('status')).toContainText(/adds about [\d.]+ ms to a call/)
  await store.getByRole('button', { name: 'A power cut too' }).click()
  await expect(store.getByRole('button', { name: 'A power cut too' })).toHaveAttribute('aria-pressed', 'true')

  const retention = app.settings.section('Retention')
  await expect(retention).toContainText('Now 0 tasks')
  const days = retention.getByRole('textbox', { name: /^Age of log lines/ })
  const save = retention.getByRole('button', { name: 'Save limits' })
  await days.fill('0')
  await expect(retention).toContainText('From 1 to 36,500 days')
  await expect(save).toBeDisabled()
  await days.fill('7')
  await expect(retention.getByRole('status')).toHaveText('What is over a lower limit is removed for good.')
  expect(await signalbox.face.api('/settings')).toMatchObject({ settings: { retention_log_days: 30 } })
  await save.click()
  await expect(save).toBeDisabled()

  await signalbox.stop()
  const again = await signalbox.start()
  await again.goTo('Settings')
  expect(await signalbox.face.api('/settings')).toMatchObject({
    settings: { retention_log_days: 7, tasks_survive_power_cut: true },
  })
  await expect(again.settings.section('Retention').getByRole('textbox', { name: /^Age of log lines/ })).toHaveValue('7')
})

test('backs up, exports, and restores at the next start', async ({ app, person, signalbox }) => {
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Runner')
  await app.runner.run('everything', 'echo', { message: 'Track 4 is clear' })
  await expect(app.runner.outcome).toHaveText('Completed')
  const backup = join(person.folder, 'signalbox.backup')
  const tasks = join(person.folder, 'tasks.ndjson')

  await app.goTo('Settings')
  const section = app.settings.section('Backup')
  await section.getByRole('button', { name: 'Back up…' }).click()
  await expect(app.settings.dialog.getByRole('textbox', { name: 'File' })).toHaveValue(/signalbox-[\d-]+\.backup$/)
  await app.settings.toFile(backup, 'Back up')
  await section.getByRole('button', { name: 'Export…' }).first().click()
  await app.settings.toFile(tasks, 'Export')
  expect(readFileSync(tasks, 'utf8')).toContain('Track 4 is clear')

  person.writeConfig('{ "mcpServers": {} }')
  await expect(app.servers.signal('everything')).toBeHidden()
  await section.getByRole('button', { name: 'Restore…' }).click()
  await app.settings.toFile(backup, 'Check and restore')
  await expect(section).toContainText('The backup is sound.')
  await signalbox.stop()
  const again = await signalbox.start()
  await expect(again.page.getByRole('status').filter({ hasText: 'is the backup of' })).toBeVisible()
  await again.servers.is('everything', 'ready')
  expect(existsSync(backup)).toBe(true)
})

// The window of the desktop takes no downloads.
test('downloads an export where the page is served @browser', async ({ app }) => {
  await app.goTo('Settings')
  const link = app.settings.section('Backup').getByRole('link', { name: 'Download' }).first()
  const [download] = await Promise.all([app.page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toBe('signalbox-tasks.ndjson')
  expect(await download.failure()).toBeNull()
})

test('asks the login shell for its search path', async ({ app }) => {
  await app.goTo('Settings')
  await app.settings.section('Commands').getByRole('button', { name: 'Detect search path' }).click()
  await expect(app.page.getByText('The search path is read')).toBeVisible()
})
