import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fittingPlace, keepPlace, readPlace } from './window-place.ts'

const left = { x: 0, y: 25, width: 1440, height: 875 }
const right = { x: 1440, y: 0, width: 1920, height: 1080 }
const kept = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  isMaximized: false,
})

describe('the place of the window', () => {
  it.each([
    ['the first time: the middle of the first screen', null, { x: 80, y: 63, width: 1280, height: 800 }],
    ['where it was', kept(100, 100), { x: 100, y: 100, width: 1000, height: 700 }],
    ['on the second screen', kept(1600, 50), { x: 1600, y: 50, width: 1000, height: 700 }],
    ['partly off a screen: moved back', kept(3000, 900), { x: 2360, y: 380, width: 1000, height: 700 }],
    ['above the screen: title bar in reach', kept(10, -300), { x: 10, y: 25, width: 1000, height: 700 }],
    ['on a screen that is gone: the middle', kept(9000, 100), { x: 80, y: 63, width: 1280, height: 800 }],
    ['larger than the screen: cut', kept(0, 25, 5000, 3000), { x: 1440, y: 0, width: 1920, height: 1080 }],
    ['smaller than is of use: grown', kept(10, 30, 100, 50), { x: 10, y: 30, width: 720, height: 480 }],
  ])('%s', (_name, place, bounds) => {
    expect(fittingPlace(place, [left, right])).toEqual({ bounds, isMaximized: false })
  })

  it('stays within a first screen that is small', () => {
    const small = { x: 0, y: 0, width: 1024, height: 600 }
    expect(fittingPlace(null, [small]).bounds).toEqual(small)
  })

  it('keeps that it was maximized', () => {
    expect(fittingPlace({ ...kept(0, 25), isMaximized: true }, [left]).isMaximized).toBe(true)
  })
})

describe('window.json', () => {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-window-'))
  afterAll(() => rmSync(home, { recursive: true }))

  it('gives back what was kept', () => {
    expect(readPlace(home)).toBe(null)
    keepPlace(home, kept(1, 2))
    expect(readPlace(home)).toEqual(kept(1, 2))
  })

  it.each(['', '{', '[]', '{"bounds":{"x":"0"}}'])('is as good as missing when it holds %j', (text) => {
    writeFileSync(join(home, 'window.json'), text)
    expect(readPlace(home)).toBe(null)
  })
})
