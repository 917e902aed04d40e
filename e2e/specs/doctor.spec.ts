import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test.use({ seed: 'nothing' })

test('leads from a server that failed to what is wrong, shows the fix, and mends it', async ({ person, signalbox }) => {
  const echo = resolve('test-servers/echo.mjs')
  person.writeConfig(JSON.stringify({ mcpServers: { crooked: { command: `${process.execPath} ${echo}` } } }, null, 2))
  const app = await signalbox.start()
  await app.goTo('Servers')
  await app.servers.lever('crooked').click()
  await app.servers.is('crooked', 'failed')
  await app.open('/servers/crooked')
  await app.page.getByRole('button', { name: 'Ask the doctor' }).click()
  const panel = app.doctor.panel('crooked')
  await expect(panel).toContainText('command_not_found')
  await panel.getByRole('button', { name: 'Show the fix' }).click()
  await expect(app.doctor.dialog).toContainText(`"args": ["${echo}"]`)
  await app.doctor.dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(panel).not.toContainText('command_not_found')
  const written = JSON.parse(readFileSync(join(person.home, 'mcp.json'), 'utf8'))
  expect(written.mcpServers.crooked).toEqual({ command: process.execPath, args: [echo] })

  await app.goTo('Doctor')
  await app.page.getByRole('button', { name: 'Examine everything' }).click()
  await expect(app.doctor.panel('Home')).toContainText('checks passed')
})
