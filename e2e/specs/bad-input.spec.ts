import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test('names a server that there is not', async ({ app }) => {
  await app.open('/servers/nobody')
  await expect(app.page.getByText('No server is named nobody')).toBeVisible()
})

test('says where mcp.json is broken, and keeps the last good one running', async ({ app, person }) => {
  await app.goTo('Servers')
  await app.servers.start('memory')
  person.writeConfig('{\n  "mcpServers": {\n    "memory": oops\n  }\n}\n')
  await expect(app.page.getByText('mcp.json has an error at line 3, column 15.')).toBeVisible()
  await app.servers.is('memory', 'ready')
})

test('names a command that there is not, and what to do', async ({ app, person }) => {
  person.writeConfig(JSON.stringify({ mcpServers: { broken: { command: 'signalbox-e2e-missing' } } }))
  await app.goTo('Servers')
  await app.servers.lever('broken').click()
  await app.servers.is('broken', 'failed')
  await app.goTo('Home')
  const needs = app.page.getByRole('list', { name: 'What needs you' })
  await expect(needs).toContainText('broken')
  await expect(needs).toContainText('signalbox-e2e-missing')
})

test('names a working folder that there is not', async ({ app, person }) => {
  const cwd = `${person.work}/nowhere`
  person.writeConfig(JSON.stringify({ mcpServers: { lost: { command: process.execPath, args: ['-v'], cwd } } }))
  await app.goTo('Servers')
  await app.servers.lever('lost').click()
  await app.servers.is('lost', 'failed')
  await app.open('/servers/lost')
  await expect(app.page.getByRole('main')).toContainText(cwd)
})
