import { expect, it } from 'vitest'
import { holdsMask, mask, withoutMasks } from './mask.ts'

it('leaves what was masked empty, to be filled in', () => {
  const stored = { token: mask, list: [`a ${mask}`, 'b', 3], [mask]: 1, deep: { ok: null } }
  expect(holdsMask(stored)).toBe(true)
  expect(withoutMasks(stored)).toEqual({ token: '', list: ['', 'b', 3], deep: { ok: null } })
  expect(holdsMask(withoutMasks(stored))).toBe(false)
})
