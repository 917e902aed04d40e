import { describe, expect, it, vi } from 'vitest'
import { isOwnPage, mayUse, outsideTarget } from './guards.ts'

// Only the deciding parts are tested here; the wiring is, by the specs that drive the desktop.
vi.mock('electron', () => ({ protocol: {}, dialog: {}, shell: {} }))

describe('the guards', () => {
  it.each([
    ['app://signalbox/', true],
    ['app://signalbox/?q=1#/servers', true],
    ['app://signalbox.example/', false],
    ['app://other/', false],
    ['https://signalbox/', false],
    ['file:///etc/passwd', false],
    ['', false],
  ])('take %s for our page: %s', (url, isOurs) => {
    expect(isOwnPage(url)).toBe(isOurs)
  })

  it.each([
    ['https://example.com/a?b#c', { url: 'https://example.com/a?b#c', host: 'example.com' }],
    ['https://example.com:8443/', { url: 'https://example.com:8443/', host: 'example.com:8443' }],
    ['http://127.0.0.1:4000/a', { url: 'http://127.0.0.1:4000/a', host: '127.0.0.1:4000' }],
    ['http://127.0.0.1.example/', null],
    ['http://example.com/', null],
    ['https://example.com@evil.example/', null],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['mailto:a@example.com', null],
    ['not an address', null],
  ])('offer %s to the browser as %o', (url, target) => {
    expect(outsideTarget(url)).toEqual(target)
  })

  it('allow the clipboard to our page and nothing else to anybody', () => {
    expect(mayUse('clipboard-sanitized-write', 'app://signalbox/')).toBe(true)
    expect(mayUse('clipboard-sanitized-write', 'https://example.com/')).toBe(false)
    for (const permission of [
      'clipboard-read',
      'media',
      'notifications',
      'geolocation',
      'openExternal',
      'fullscreen',
    ]) {
      expect(mayUse(permission, 'app://signalbox/')).toBe(false)
    }
  })
})
