import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { autostartFile, loginItem } from './login-item.ts'

test('on Linux an entry in the autostart folder is made and taken away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-login-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'autostart', 'signalbox.desktop')
  const item = autostartFile(path, '/opt/Signal box/100%/signalbox')
  expect(await item.isSet()).toBe(false)
  await item.set(true)
  expect(await item.isSet()).toBe(true)
  expect(readFileSync(path, 'utf8')).toContain('Exec="/opt/Signal box/100%%/signalbox"')
  await item.set(false)
  expect(await item.isSet()).toBe(false)
})

test('a checkout is offered no start on login', () => {
  const app = { isPackaged: false, getLoginItemSettings: () => ({}), setLoginItemSettings() {} }
  expect(loginItem(app as never, process)).toBeNull()
})
