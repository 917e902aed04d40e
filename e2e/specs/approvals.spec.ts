import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect } from '@playwright/test'
import type { Face } from '../face.ts'
import { test } from '../fixtures.ts'
import { connectClient } from '../gateway-client.ts'
import type { App } from '../pages/app.ts'

test('a call of a client waits in the page, is allowed, denied, and remembered until that is taken back', async ({
  app,
  person,
  signalbox,
}) => {
  const client = await clientOf(app, signalbox.face, 'filesystem')
  await app.approvals.show('Rules')
  await app.page.getByRole('button', { name: 'Destructive tools ask' }).click()
  await expect(app.approvals.row('Rules', 'Destructive tools ask')).toContainText(
    'Tools that may destroy of every server',
  )
  await app.approvals.show('Waiting')

  const file = join(person.work, 'made.txt')
  const write = (content: string) =>
    client.callTool({ name: 'filesystem_write_file', arguments: { path: file, content } })
  const first = write('one')
  const held = app.approvals.held('My script wants to call write_file of filesystem')
  await expect(held.getByRole('region', { name: 'Arguments' })).toContainText('"content": "one"')
  await expect(held).toContainText('may destroy')
  await expect(app.page.getByRole('link', { name: 'Approvals' })).toContainText('1')
  expect(existsSync(file)).toBe(false)
  await held.getByRole('button', { name: 'Allow once' }).click()
  expect(await first).toMatchObject({ content: [{ text: expect.stringContaining('Successfully wrote') }] })
  expect(existsSync(file)).toBe(true)
  await expect(app.page.getByText('Nothing waits for you')).toBeVisible()

  const second = write('two')
  await Promise.all([
    expect(second).rejects.toThrow(/refused by a person/),
    held.getByRole('button', { name: 'Deny' }).click(),
  ])

  const third = write('three')
  await held.getByRole('button', { name: 'Always allow' }).click()
  await third
  await write('four')
  await app.approvals.show('Record')
  await expect(app.approvals.row('Answers', 'write_file')).toHaveCount(3)
  await app.approvals.show('Rules')
  await app.approvals.row('Remembered answers', 'write_file').getByRole('button', { name: 'Ask again' }).click()
  await app.approvals.show('Waiting')
  const fifth = write('five')
  await held.getByRole('link', { name: 'Open its task' }).click()
  await expect(app.page.getByText('waits for you').first()).toBeVisible()
  await app.goTo('Approvals')
  await held.getByRole('button', { name: 'Allow once' }).click()
  await fifth
  await client.close()
})

test('a limit is set in the page, and a call over it says so on its time line', async ({ app, signalbox }) => {
  const client = await clientOf(app, signalbox.face, 'everything')
  await app.approvals.show('Limits')
  await app.page.getByRole('button', { name: 'Set a limit' }).click()
  await app.approvals.choose('Calls of', 'My script')
  await app.approvals.choose('Server', 'everything')
  const rate = app.page.getByRole('region', { name: 'Rate' })
  await rate.getByLabel('Calls').fill('1')
  await rate.getByLabel(/^In/).fill('3600')
  await app.page.getByRole('button', { name: 'Save' }).click()
  await expect(app.approvals.row('Limits', 'Every tool of everything')).toContainText('1 call in 3600 s')

  const call = () => client.callTool({ name: 'everything_echo', arguments: { message: 'hi' } })
  await call()
  await expect(call()).rejects.toThrow(/a limit keeps this one back/)
  await app.goTo('Tasks')
  await app.tasks.rows('echo').first().click()
  await expect(app.page.getByText('limit: rate').first()).toBeVisible()
  await client.close()
})

// Electron does not tell which notifications are shown.
test.describe('approvals @desktop @double', () => {
  test('the system tells of a call that waits while nobody looks at the window', async ({ app, signalbox }) => {
    const desktop = signalbox.face.desktop!
    const told = () => desktop.evaluate(({ Notification }) => Reflect.get(Notification, 'recorded') as Shown[])
    const client = await clientOf(app, signalbox.face, 'filesystem')
    await app.approvals.show('Rules')
    await app.page.getByRole('button', { name: 'Destructive tools ask' }).click()
    await expect(app.approvals.row('Rules', 'Destructive tools ask')).toBeVisible()
    await app.goTo('Home')
    await desktop.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.isFocused = () => false
    })
    const bodies = async () => (await told()).map(({ body }) => body)
    const write = client.callTool({ name: 'filesystem_write_file', arguments: { path: 'x', content: 'y' } })
    await expect.poll(bodies).toEqual(['My script waits to call write_file of filesystem.'])
    await desktop.evaluate(({ Notification }) => (Reflect.get(Notification, 'recorded') as Shown[])[0]?.emit('click'))
    await expect(app.title).toHaveText('Approvals')
    const held = app.approvals.held('My script wants to call write_file of filesystem')
    await Promise.all([expect(write).rejects.toThrow(), held.getByRole('button', { name: 'Deny' }).click()])
    await expect.poll(bodies).toEqual([])
    await client.close()
  })
})

/** My script, which may call this server; the page then shows the approvals. */
async function clientOf(app: App, face: Face, server: string): Promise<Client> {
  await app.goTo('Servers')
  await app.servers.start(server)
  await app.goTo('Clients')
  const client = await connectClient(face, await app.clients.issue('My script'))
  await app.goTo('Approvals')
  return client
}

interface Shown {
  body: string
  emit(event: string): void
}
