import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { findBrowser } from '../../scripts/find-browser.ts'
import { Cdp } from './cdp.ts'

export interface Chromium {
  readonly cdp: Cdp
  /** Where a second debugger, Playwright, may connect. */
  readonly debuggerUrl: string
  /** Resolves once the process has ended and its profile is gone. */
  close(): Promise<void>
}

const switches = [
  // What a page would open is told by an event, and main is asked then; Electron asks before, too.
  '--block-new-web-contents',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=MediaRouter,Translate,OptimizationHints',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--mute-audio',
  '--password-store=basic',
  '--use-mock-keychain',
]

/**
 * Starts Chromium so that it cannot outlive this process: it ends by itself when the pipe closes, however we end, and the
 * shell around it then removes the profile. Its own process group keeps both out of reach of a kill of ours.
 */
export async function startChromium(): Promise<Chromium> {
  const executable = findBrowser()
  if (executable === null) throw new Error('The double needs an installed Chromium, Chrome or Edge')
  const profile = mkdtempSync(join(tmpdir(), 'electron-double-'))
  const isRoot = process.getuid?.() === 0
  const args = [
    ...switches,
    `--user-data-dir=${profile}`,
    ...(process.env.SIGNALBOX_DOUBLE_HEADED ? [] : ['--headless=new']),
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
  ]
  const shell = spawn('sh', ['-c', '"$@"; rm -rf "$0"', profile, executable, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [, , stderr, input, output] = shell.stdio as [null, null, Readable, Writable, Readable]
  const cdp = new Cdp(input, output)
  const debuggerUrl = await debuggerUrlOf(shell, stderr)
  return {
    cdp,
    debuggerUrl,
    async close() {
      if (shell.exitCode !== null || shell.signalCode !== null) return
      const ended = once(shell, 'exit')
      input.end()
      await ended
    },
  }
}

function debuggerUrlOf(shell: ChildProcess, stderr: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  stderr.setEncoding('utf8')
  stderr.on('data', (chunk: string) => {
    text += chunk
    const url = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
    if (url) resolve(url)
  })
  shell.once('exit', (code) => reject(new Error(`Chromium ended with code ${code} before it listened:\n${text}`)))
  return promise
}
