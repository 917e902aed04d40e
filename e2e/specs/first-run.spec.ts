import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'
import { useOtherPrograms } from '../person.ts'

test.use({ seed: 'nothing' })

test('brings in the servers of other programs and leaves their files alone', async ({ person, signalbox }) => {
  useOtherPrograms(person)
  const files = ['.claude.json', join('.cursor', 'mcp.json')].map((name) => join(person.folder, name))
  const before = files.map((file) => readFileSync(file, 'utf8'))

  const app = await signalbox.start()
  await expect(app.firstRun.heading).toBeVisible()
  await expect(app.firstRun.programs).toContainText('Cursor')
  await expect(app.firstRun.programs).toContainText('Claude Code')
  await expect(app.page.getByText('in plain text').first()).toBeVisible()
  await app.firstRun.import(['filesystem', 'memory'])
  await expect(app.firstRun.row('filesystem')).toContainText('Ready', { timeout: 30_000 })
  await expect(app.firstRun.row('memory')).toContainText('Ready', { timeout: 30_000 })

  await app.firstRun.leave()
  await expect(app.servers.lever('filesystem')).toBeChecked()
  await expect(app.servers.lever('memory')).toBeChecked()
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before)
  const config = JSON.parse(readFileSync(join(person.home, 'mcp.json'), 'utf8'))
  expect(Object.keys(config.mcpServers).sort()).toEqual(['filesystem', 'memory'])
})

test('offers samples that need nothing where no other program is found', async ({ person, app }) => {
  await expect(app.firstRun.heading).toBeVisible()
  await expect(app.firstRun.programs).toContainText('No servers found yet')
  await app.page.getByRole('button', { name: 'Import and start' }).click()
  await app.firstRun.leave()
  const levers = app.page.getByRole('switch', { checked: true })
  await expect(levers).toHaveCount(2)
  const shelf = app.page
    .getByRole('navigation', { name: 'Signals of all servers' })
    .getByRole('link', { name: /: ready / })
  await expect(shelf).toHaveCount(2, { timeout: 30_000 })
  expect(existsSync(join(person.home, 'mcp.json'))).toBe(true)
})

test('takes a configuration that is pasted', async ({ person, app }) => {
  await app.page.getByRole('button', { name: 'Paste JSON' }).click()
  const text = JSON.stringify({ mcpServers: { pasted: { command: 'signalbox-e2e-missing', args: [] } } })
  await app.page.getByRole('textbox', { name: 'Configuration' }).fill(text)
  await app.page.getByRole('button', { name: 'Read it' }).click()
  await app.firstRun.import(['pasted'])
  await expect(app.firstRun.row('pasted')).toContainText('signalbox-e2e-missing')
  expect(readFileSync(join(person.home, 'mcp.json'), 'utf8')).toContain('signalbox-e2e-missing')
})
