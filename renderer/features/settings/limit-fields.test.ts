import { expect, test } from 'vitest'
import { limitText, logLimits, readLimit, taskLimits } from './limit-fields.ts'

const [days] = taskLimits
const size = logLimits[2]

test('reads what a person writes, in the unit of the field', () => {
  expect(readLimit(days!, ' 1,000 ')).toEqual({ value: 1000 })
  expect(readLimit(size!, '64')).toEqual({ value: 64 * 1024 ** 2 })
  expect(limitText(size!, 4 * 1024 ** 3)).toBe('4,096')
})

test.each(['', '0', '-1', '1.5', '1e3', 'many', '99999999'])('names the range for "%s"', (text) => {
  expect(readLimit(days!, text)).toEqual({ problem: 'From 1 to 36,500 days' })
})
