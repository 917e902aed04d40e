import { type Browser, expect, type Page } from '@playwright/test'
import { TestChild } from '../../engine/links/test-child.ts'
import type { Face } from '../face.ts'
import { test } from '../fixtures.ts'

test('signs in to a remote server from what needs a person, and out again', async ({ browser, person, signalbox }) => {
  await using authority = TestChild.own('authorization-server.mjs')
  await using server = TestChild.own('protected-http.mjs', await authority.url())
  const entry = { type: 'http', url: `${await server.url()}/mcp` }
  person.writeConfig(JSON.stringify({ mcpServers: { tracker: entry } }))
  const app = await signalbox.start()

  await app.goTo('Servers')
  await app.servers.lever('tracker').click()
  await app.servers.is('tracker', 'needs you')
  await app.goTo('Home')
  const opened = openedPage(signalbox.face, browser)
  await app.page.getByRole('list', { name: 'What needs you' }).getByRole('button', { name: 'Sign in' }).click()
  const theirs = await opened

  await app.open('/servers/tracker')
  const panel = app.page.getByRole('region', { name: 'Sign-in' })
  await expect(panel).toContainText('Waiting for you in the browser.')
  await theirs.getByPlaceholder('Enter any login').fill('ada')
  await theirs.getByPlaceholder('and password').fill('any')
  await theirs.getByRole('button', { name: 'Sign-in' }).click()
  await theirs.getByRole('button', { name: 'Continue' }).click()
  await expect(theirs.getByRole('heading')).toContainText('Signed in to 127.0.0.1')
  await theirs.close()

  await app.servers.is('tracker', 'ready')
  await expect(panel).toContainText('Signed in at')
  await panel.getByRole('button', { name: 'Sign out' }).click()
  await app.servers.is('tracker', 'needs you')
})

/** The page that a person is sent to: a tab of theirs, or what the desktop hands to the browser once they agree. */
async function openedPage({ desktop, page }: Face, browser: Browser): Promise<Page> {
  if (desktop === null) return page.context().waitForEvent('page')
  const url = await desktop.evaluate(
    ({ dialog, shell }) =>
      new Promise<string>((resolve) => {
        dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
        shell.openExternal = async (opened) => resolve(opened)
      }),
  )
  const theirs = await browser.newPage()
  await theirs.goto(url)
  return theirs
}
