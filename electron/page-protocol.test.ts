import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { answerPage } from './page-protocol.ts'

// The module is there to be registered with Electron, which these tests do not run in.
vi.mock('electron', () => ({ protocol: {} }))

const folder = mkdtempSync(join(tmpdir(), 'signalbox-page-'))
const page = join(folder, 'page')

beforeAll(() => {
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<!doctype html>')
  writeFileSync(join(page, 'assets', 'index-1a2b.js'), '1')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the page over app://', () => {
  it('is the shell with a strict policy, wherever in the page a person is', async () => {
    const response = await answerPage('app://signalbox/?theme=dark#/servers', page)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('has the assets', async () => {
    const response = await answerPage('app://signalbox/assets/index-1a2b.js', page)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  })

  it.each([
    'app://signalbox/assets/../../secret.txt',
    'app://signalbox/assets/..%2f..%2fsecret.txt',
    'app://signalbox/assets/%2e%2e/%2e%2e/secret.txt',
    'app://signalbox/../secret.txt',
    'app://signalbox/assets/..\\..\\secret.txt',
    'app://signalbox/assets/missing.js',
    'app://elsewhere/',
    'app://elsewhere/assets/index-1a2b.js',
  ])('refuses %s', async (url) => {
    const response = await answerPage(url, page)
    expect([response.status, await response.text()]).toEqual([404, 'Not found'])
  })

  it('says how to build it when it is not there', async () => {
    const response = await answerPage('app://signalbox/', folder)
    expect([response.status, await response.text()]).toEqual([500, 'The page is not built. Run: npm run build'])
  })
})
