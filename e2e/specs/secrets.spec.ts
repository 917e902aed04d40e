import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'

test.use({ seed: 'nothing' })

const needsSecret = {
  command: process.execPath,
  args: [resolve('test-servers/echo.mjs')],
  env: { TOKEN: '${secret:TOKEN}' },
}

test('takes a missing secret, starts what waited, and offers a restart for a new value @browser', async ({
  person,
  signalbox,
}) => {
  person.writeConfig(JSON.stringify({ mcpServers: { echo: needsSecret } }))
  const app = await signalbox.start()
  await app.goTo('Servers')
  await app.servers.lever('echo').click()
  await expect(app.servers.signal('echo')).toHaveAccessibleName(/needs/i)
  await app.open('/servers/echo')
  await app.page.getByRole('button', { name: 'Add TOKEN' }).click()
  const dialog = app.settings.dialog
  await dialog.getByRole('textbox', { name: 'Value' }).fill('the first value')
  await dialog.getByRole('button', { name: 'Add secret' }).click()
  await expect(dialog).toBeHidden()
  await app.servers.is('echo', 'ready')
  const first = (await signalbox.face.api('/servers/echo')) as { run_id: string }

  await app.goTo('Settings')
  await expect(app.settings.secret('TOKEN')).toContainText('stored')
  await app.settings.secret('TOKEN').getByRole('button', { name: 'New value…' }).click()
  await dialog.getByRole('textbox', { name: 'Value' }).fill('the second value')
  await dialog.getByRole('button', { name: 'Replace it' }).click()
  await expect(dialog).toContainText('echo still runs with the earlier one')
  await dialog.getByRole('button', { name: 'Later' }).click()
  expect(await signalbox.face.api('/servers/echo')).toMatchObject({ run_id: first.run_id })

  await app.goTo('Home')
  const needs = app.page.getByRole('list', { name: 'What needs you' })
  await expect(needs).toContainText('Secret changed.')
  await needs.getByRole('button', { name: 'Restart' }).click()
  await expect(needs).toBeHidden()
  await app.servers.is('echo', 'ready')
  expect(readFileSync(join(person.home, 'mcp.json'), 'utf8')).not.toContain('value')
})

test('the desktop keeps a secret in the key store of the system, and none where there is no key store @desktop', async ({
  person,
  signalbox,
}) => {
  person.writeConfig(JSON.stringify({ mcpServers: { echo: needsSecret } }))
  const app = await signalbox.start()
  const hasKeyStore = await signalbox.face.desktop!.evaluate(
    async ({ safeStorage }) =>
      (await safeStorage.isAsyncEncryptionAvailable()) &&
      (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'),
  )
  await app.goTo('Settings')
  const security = app.settings.section('Security')
  const add = security.getByRole('button', { name: 'Add secret…' })
  if (hasKeyStore) {
    await app.settings.secret('TOKEN').getByRole('button', { name: 'Add…' }).click()
    await app.settings.dialog.getByRole('textbox', { name: 'Value' }).fill('kept by the system')
    await app.settings.dialog.getByRole('button', { name: 'Add secret' }).click()
    await expect(app.settings.secret('TOKEN')).toContainText('stored')
  } else {
    await expect(security.getByRole('status')).toContainText(/key store|keyring/i)
    await expect(add).toBeDisabled()
    await app.goTo('Servers')
    await app.servers.lever('echo').click()
    await app.servers.is('echo', 'needs you')
  }
})

test('saves an entry without starting it, and shows word by word what would run', async ({ person, signalbox }) => {
  const entry = (said: string) => ({ command: process.execPath, args: [resolve('test-servers/echo.mjs'), said] })
  person.writeConfig(JSON.stringify({ mcpServers: { echo: entry('one') } }))
  const app = await signalbox.start()
  await app.goTo('Servers')
  await app.servers.start('echo')
  await app.open('/servers/echo')
  await app.servers.openTab('Config')
  const editor = app.page.getByRole('textbox', { name: 'Entry of echo' })
  await editor.click()
  await app.page.keyboard.press('ControlOrMeta+a')
  await app.page.keyboard.insertText(JSON.stringify(entry('two')))
  await app.page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(app.servers.signal('echo')).toHaveAccessibleName(/needs/i)
  await app.servers.openTab('Overview')
  const panel = app.page.getByRole('region', { name: 'What you agree to' })
  await expect(panel.locator('ins')).toContainText('two')
  await panel.getByRole('button', { name: 'Approve' }).click()
  await app.servers.is('echo', 'ready')
  await expect(panel).toBeHidden()
})

test('a pattern that takes for ever does not stop the page', async ({ person, signalbox }) => {
  const raw = JSON.stringify(resolve('test-servers/raw-server.mjs'))
  const program = join(person.work, 'slow-pattern.mjs')
  const text = `import { serve, text } from ${raw}
const inputSchema = { type: 'object', properties: { word: { type: 'string', pattern: '^(a+)+$' } } }
serve({ tools: [{ name: 'match', description: 'Matches', inputSchema }], call: (_, { word }) => text(word) })
`
  writeFileSync(program, text)
  person.writeConfig(JSON.stringify({ mcpServers: { slow: { command: process.execPath, args: [program] } } }))
  const app = await signalbox.start()
  await app.goTo('Servers')
  await app.servers.start('slow')
  await app.goTo('Runner')
  await app.runner.choose('slow', 'match')
  await app.runner.fill('match', { word: 'b' })
  await expect(app.runner.form('match')).toContainText('Must match ^(a+)+$')
  await app.runner.fill('match', { word: `${'a'.repeat(40)}!` })
  await expect(app.runner.form('match')).toContainText('takes too long to check here')
  // The page answers, and the engine, which gives such a check up, lets the server decide.
  await app.page.getByRole('button', { name: /^Run tool/ }).click()
  await expect(app.runner.outcome).toHaveText('Completed')
})
