import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseElectron } from '../../e2e/electron-binary.ts'
import { startOnDesktop } from '../../e2e/face.ts'
import { newPerson } from '../../e2e/person.ts'
import { ensureBrowser } from '../../scripts/ensure-browser.ts'
import type { Json } from '../program.ts'

interface Steps {
  /** All servers of the home are ready. */
  onReady(): void
  /** The window is gone and the program is not. */
  onClosed(): void
}

/** Starts the desktop on servers of its own, closes its window, and quits; resolves once its process has ended. */
export async function closeThenQuit(mcpServers: Json, { onReady, onClosed }: Steps): Promise<void> {
  process.env.SIGNALBOX_BROWSER ??= ensureBrowser()
  chooseElectron()
  using person = newPerson('nothing')
  person.writeConfig(JSON.stringify({ mcpServers }))
  const face = await startOnDesktop(person)
  const desktop = face.desktop!
  const main = desktop.process()
  try {
    const { url } = JSON.parse(await readFile(join(person.home, 'runtime.json'), 'utf8')) as { url: string }
    const headers = { authorization: `Bearer ${await readFile(join(person.home, 'token'), 'utf8')}` }
    await Promise.all(
      Object.keys(mcpServers).map(async (id) => {
        const response = await fetch(`${url}/api/v1/servers/${id}/start?wait_s=60`, { method: 'POST', headers })
        const { state, reason } = (await response.json()) as Json
        assert.equal(state, 'ready', `${id}: ${reason}`)
      }),
    )
    onReady()
    const closed = face.page.waitForEvent('close')
    await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await closed
    assert.equal((await fetch(`${url}/api/v1/servers`, { headers })).status, 200, 'it goes on without a window')
    onClosed()
    const exited = once(main, 'exit')
    // The connection breaks while the answer is on its way.
    await desktop.evaluate(({ app }) => app.quit()).catch(() => {})
    await exited
    assert.equal(main.exitCode, 0)
  } finally {
    if (main.exitCode === null && main.signalCode === null) await face[Symbol.asyncDispose]()
  }
}
