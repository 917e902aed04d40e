import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoNow } from './iso-now.ts'

test('it is what a date says of the same time, whichever times came before', () => {
  const time = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 0, 1, 0, 0, 3) })
  fc.assert(
    fc.property(fc.array(fc.oneof(time, fc.date({ noInvalidDate: true }).map(Number))), (times) => {
      for (const ms of times) expect(isoNow(ms)).toBe(new Date(ms).toISOString())
    }),
  )
})
