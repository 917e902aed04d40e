import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'
import { connectClient } from '../gateway-client.ts'
import { useOtherPrograms } from '../person.ts'

test('a client turns green on its first request, its call is a task, and the page says why a tool is missing', async ({
  app,
  signalbox,
}) => {
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Clients')
  const token = await app.clients.issue('My script')
  await expect(app.clients.card('My script')).toContainText('Not seen yet')

  const client = await connectClient(signalbox.face, token)
  await expect(app.clients.card('My script')).toContainText(/Seen \d+ s ago/)
  await expect(app.clients.card('My script')).toContainText('my-script 1.2.3')
  const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name)
  expect(await names()).toContain('everything_echo')
  await expect(app.clients.fact('My script', 'Tools served')).toContainText(/^\d+,/)

  await expect(app.clients.fact('My script', 'Last call')).toHaveText('–')
  await client.callTool({ name: 'everything_echo', arguments: { message: 'hello' } })
  await app.clients.fact('My script', 'Last call').getByRole('link').click()
  await expect(app.tasks.rows('echo')).toHaveCount(1)
  await client.callTool({ name: 'everything_echo', arguments: { message: 'again' } })
  await expect(app.tasks.rows('echo')).toHaveCount(2)

  await app.goTo('Clients')
  await app.clients.show('Profiles')
  await app.clients.makeProfile('Work')
  const tick = await app.clients.tick('everything', 'echo')
  await tick.click()
  await expect(tick).not.toBeChecked()
  await app.clients.show('Clients')
  await app.clients.choose(app.clients.card('My script'), 'What My script reaches', 'Work')
  await expect.poll(names).not.toContain('everything_echo')

  const why = await app.clients.askWhy('My script', 'everything', 'echo')
  await expect(why.getByRole('status')).toHaveText('The profile Work has echo of everything switched off.')
  await why.getByRole('button', { name: 'Open the profile' }).click()
  await (await app.clients.tick('everything', 'echo')).click()
  await expect.poll(names).toContain('everything_echo')
  await client.close()
})

test('the context budget counts the tools of each server and client', async ({ app }) => {
  await app.goTo('Servers')
  await app.servers.start('everything')
  await app.goTo('Clients')
  await app.clients.issue('My script')
  await app.clients.show('Context budget')
  const clients = app.page.getByRole('grid', { name: 'Context by client' })
  await expect(clients.getByRole('row', { name: 'My script' })).toContainText(/everything\s*\d{2}\s*[\d,]{3,}/)
  const servers = app.page.getByRole('grid', { name: 'Context by server' })
  await servers.getByRole('row', { name: 'everything' }).click()
  await expect(servers.getByRole('row', { name: 'Tools of everything' })).toContainText('never used')
})

test('a program is connected by its file, and the file gets its bytes back', async ({ person, signalbox }) => {
  useOtherPrograms(person)
  const file = join(person.folder, '.cursor', 'mcp.json')
  const before = readFileSync(file, 'utf8')
  const app = await signalbox.start()
  await app.goTo('Clients')
  const cursor = app.clients.program('Cursor')
  await expect(cursor).toContainText('File found')
  await cursor.getByRole('button', { name: 'Connect' }).click()
  const dialog = app.page.getByRole('dialog')
  await expect(dialog.getByRole('region', { name: 'What changes in the file' })).toContainText('"signalbox"')
  await dialog.getByRole('button', { name: 'Write' }).click()
  await expect(cursor).toContainText('Entry written')
  await expect(cursor).toContainText('not seen yet')
  expect(readFileSync(file, 'utf8')).toContain('"signalbox"')

  await cursor.getByRole('button', { name: 'Undo' }).click()
  await app.page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
  await expect(cursor).toContainText('File found')
  expect(readFileSync(file, 'utf8')).toBe(before)
})
