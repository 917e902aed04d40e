import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSessions } from './sessions.ts'
import { openTestFace, type TestFace } from './test-face.ts'

let test: TestFace
let pageDir: string
beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'signalbox-page-'))
  await mkdir(join(pageDir, 'assets', 'folder'), { recursive: true })
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Signalbox</title>')
  await writeFile(join(pageDir, 'assets', 'index-abc123.js'), 'export {}')
  await writeFile(join(pageDir, 'secret.txt'), 'not for the page')
  test = await openTestFace({ pageDir })
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
  await rm(pageDir, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${test.face.url}${path}`, { headers, redirect: 'manual' })

async function session(): Promise<string> {
  const response = await fetch(test.face.pageLink(), { redirect: 'manual' })
  return response.headers.get('set-cookie')!.split(';', 1)[0]!
}

describe('the page', () => {
  it('shows its shell to everybody, under a strict policy', async () => {
    const response = await get('/')
    expect(await response.text()).toContain('<title>Signalbox</title>')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  it('keeps hashed assets for ever', async () => {
    const response = await get('/assets/index-abc123.js')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it.each([
    ['/assets/folder'],
    [`/assets/${'x'.repeat(300)}`],
    ['/assets/none.js'],
    ['/assets/..%2fsecret.txt'],
    ['/assets/%2e%2e%2fsecret.txt'],
    ['/assets/.hidden'],
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  it('is let in by a one-time link, whose cookie no script can read', async () => {
    const response = await fetch(test.face.pageLink(), { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    const cookie = response.headers.get('set-cookie')!
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; /)
    expect(cookie).not.toContain(test.face.token)
    const listed = await get('/api/v1/servers', { cookie: cookie.split(';', 1)[0]! })
    expect(listed.status).toBe(200)
    expect(test.origins.at(-1)).toBe('page')
  })

  it('uses a link once', async () => {
    const link = test.face.pageLink()
    await fetch(link, { redirect: 'manual' })
    const second = await fetch(link, { redirect: 'manual' })
    expect([second.status, second.headers.get('set-cookie')]).toEqual([403, null])
    expect((await get('/open/guess')).status).toBe(403)
  })

  it('cannot make links for others', async () => {
    const init = { method: 'POST', headers: { cookie: await session() } }
    expect((await fetch(`${test.face.url}/api/v1/page-links`, init)).status).toBe(403)
  })

  it('gets its link by a request whose body is as limited as any', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = ' '.repeat(8 * 1024 * 1024 + 1)
    expect((await test.call('/api/v1/page-links', { method: 'POST', headers, body })).status).toBe(413)
    expect((await test.call('/api/v1/page-links', { method: 'POST', body: 'a=b' })).status).toBe(415)
  })

  it('cannot pass for the terminal', async () => {
    await get('/api/v1/servers', { cookie: await session(), 'x-signalbox-face': 'terminal' })
    expect(test.origins.at(-1)).toBe('page')
  })
})

describe('sessions', () => {
  it('let a link live for a minute and a session for thirty days', () => {
    let now = 0
    const sessions = createSessions(() => now)
    const late = sessions.newCode()
    now = 60_000
    expect(sessions.redeem(late)).toBeNull()
    const id = sessions.redeem(sessions.newCode())!
    now += 30 * 24 * 3600 * 1000 - 1
    expect(sessions.holds(id)).toBe(true)
    now += 1
    expect(sessions.holds(id)).toBe(false)
  })

  it('are kept for 64 pages; the oldest makes room', () => {
    const sessions = createSessions()
    const first = sessions.redeem(sessions.newCode())!
    const ids = Array.from({ length: 64 }, () => sessions.redeem(sessions.newCode())!)
    expect(sessions.holds(first)).toBe(false)
    expect(ids.every((id) => sessions.holds(id))).toBe(true)
  })
})
