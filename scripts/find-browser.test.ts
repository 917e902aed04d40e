import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { candidates, findBrowser } from './find-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'signalbox-browser-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('finding a browser', () => {
  it.runIf(process.platform === 'linux')('takes the first that can be run, in the order of names', () => {
    const [one, two] = ['one', 'two'].map((name) => join(folder, name)) as [string, string]
    for (const path of [one, two]) mkdirSync(path)
    writeFileSync(join(one, 'google-chrome'), '')
    chmodSync(join(one, 'google-chrome'), 0o755)
    writeFileSync(join(two, 'chromium'), 'not executable')
    const PATH = [one, two].join(delimiter)
    expect(findBrowser({ PATH }, 'linux')).toBe(join(one, 'google-chrome'))
    chmodSync(join(two, 'chromium'), 0o755)
    expect(findBrowser({ PATH }, 'linux')).toBe(join(two, 'chromium'))
    expect(findBrowser({ PATH: '' }, 'linux')).toBe(null)
  })

  it('takes the one that is named outright', () => {
    expect(findBrowser({ SIGNALBOX_BROWSER: '/my/browser', PATH: '' }, 'linux')).toBe('/my/browser')
  })

  it('looks where each system keeps its programs', () => {
    expect(candidates({ HOME: '/Users/ada' }, 'darwin')).toContain(
      '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium',
    )
    expect(candidates({ PROGRAMFILES: 'C:\\Program Files' }, 'win32')).toEqual([
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files\\Chromium\\Application\\chrome.exe',
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
    ])
  })
})
