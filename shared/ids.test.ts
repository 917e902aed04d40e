import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serverIdSchema, uuidV7 } from './ids.ts'

test('ids made in one process sort by the order in which they were made', () => {
  const ids = Array.from({ length: 20_000 }, () => uuidV7())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids stay in order when the clock runs backwards', () => {
  const later = uuidV7(2_000_000_000_000)
  expect(uuidV7(1_000_000_000_000) > later).toBe(true)
})

test('ids are version 7 as zod reads them', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (ms) => z.uuidv7().safeParse(uuidV7(ms)).success))
})

test('server ids refuse control characters and keep everything else', () => {
  expect(serverIdSchema.safeParse('a/b c·ü 🚂').success).toBe(true)
  expect(serverIdSchema.safeParse('a\nb').success).toBe(false)
  expect(serverIdSchema.safeParse('').success).toBe(false)
})
