import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../fixtures.ts'
import type { Person } from '../person.ts'

test.use({ seed: 'nothing' })

/** Stands in for npm, which would ask a registry: links what is installed here. A script of the shell. */
function useOwnNpm({ folder, env }: Person): void {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nln -s '${resolve('node_modules')}' node_modules\n`)
  chmodSync(join(bin, 'npm'), 0o755)
  env.PATH = `${bin}:${env.PATH}`
}

test('a server of one’s own is begun in the page, runs, and starts anew when its source changes @posix', async ({
  person,
  signalbox,
}) => {
  useOwnNpm(person)
  const app = await signalbox.start()
  await app.palette.choose('custom', 'New custom server')
  const dialog = app.page.getByRole('dialog', { name: 'New custom server' })
  const begin = dialog.getByRole('button', { name: 'Write it and start it' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Lamp')
  await expect(dialog).toContainText('Lower case letters')
  await expect(begin).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('lamp')
  await expect(dialog.getByRole('textbox', { name: 'Folder' })).toHaveValue('~/lamp')
  await begin.click()

  const folder = join(person.folder, 'lamp')
  await expect(dialog).toContainText(folder)
  await expect(dialog.getByRole('region', { name: 'What to do next' })).toContainText('npm test')
  await expect(dialog).toContainText('Ready')
  await dialog.getByRole('button', { name: 'Open server' }).click()
  await expect(app.title).toContainText('lamp')

  await app.goTo('Runner')
  await app.runner.run('lamp', 'greet', { name: 'Ada' })
  await expect(app.runner.result).toContainText('Hello, Ada!')
  const source = join(folder, 'src', 'create-server.ts')
  expect(existsSync(join(folder, 'test'))).toBe(true)
  writeFileSync(source, readFileSync(source, 'utf8').replaceAll('Hello,', 'Good day,'))
  await expect(async () => {
    await app.runner.run('lamp', 'greet', { name: 'Ada' })
    await expect(app.runner.result).toContainText('Good day, Ada!', { timeout: 2_000 })
  }).toPass()
})

test('what is there already is never overwritten @browser', async ({ person, signalbox }) => {
  const folder = join(person.folder, 'lamp')
  mkdirSync(folder)
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  const app = await signalbox.start()
  await app.open('/servers?add=own')
  const dialog = app.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('lamp')
  await dialog.getByRole('button', { name: 'Write it and start it' }).click()
  await expect(app.page.getByRole('alert')).toContainText('nothing is overwritten')
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('lamp')
})
