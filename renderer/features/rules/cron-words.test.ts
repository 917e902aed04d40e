import { expect, it } from 'vitest'
import { cronWords } from './cron-words.ts'

it.each([
  ['0 9 * * 1-5', '09:00 on working days'],
  ['30 18 * * *', '18:30 every day'],
  ['5 0 * * 0', '00:05 on Sunday'],
  ['*/5 * * * *', 'time by cron */5 * * * *'],
  ['0 9 1 * *', 'time by cron 0 9 1 * *'],
  ['0 9 * * 1-3', 'time by cron 0 9 * * 1-3'],
  ['0 0 9 * * 1', 'time by cron 0 0 9 * * 1'],
])('%s is %s', (cron, words) => {
  expect(cronWords(cron)).toBe(words)
})
