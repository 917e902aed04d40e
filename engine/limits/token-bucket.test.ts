import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('lets a burst through, then one call each interval', () => {
  const bucket = new TokenBucket({ calls: 3, per_s: 3 }, 0)
  const waits: number[] = []
  for (let call = 0; call < 5; call++) {
    waits.push(bucket.waitMs(0))
    bucket.take(0)
  }
  expect(waits).toEqual([0, 0, 0, 1000, 2000])
  expect(bucket.waitMs(2000)).toBe(1000)
  expect(bucket.waitMs(60_000)).toBe(0)
})

test('holds no more than its size however long nobody calls, and a clock that goes back fills nothing', () => {
  const bucket = new TokenBucket({ calls: 2, per_s: 1 }, 0)
  bucket.take(3_600_000)
  bucket.take(3_600_000)
  expect(bucket.waitMs(3_600_000)).toBe(500)
  expect(bucket.waitMs(0)).toBe(500)
  bucket.giveBack()
  expect(bucket.waitMs(0)).toBe(0)
})
