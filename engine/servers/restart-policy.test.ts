import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ending, nextRestart, defaultRestartRules as rules } from './restart-policy.ts'

const minute = 60_000
const plain = { isPermanent: false, isOutside: false, isClean: false }
const ran = (atMs: number, readyMs = 1000): Ending => ({ ...plain, atMs, readyMs })
const failedStart = (atMs: number): Ending => ({ ...plain, atMs, readyMs: null })
const middle = 0.5

describe('nextRestart', () => {
  test('waits longer after each ending, and at most a minute', () => {
    const apart = Array.from({ length: 9 }, (_, index) => ran(index * 2 * minute))
    const waits = apart.map((_, index) => nextRestart(apart.slice(0, index + 1), rules, middle))
    expect(waits).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds, index) => ({
        kind: 'retry',
        delayMs: seconds * 1000,
        attempt: index + 2,
      })),
    )
  })

  test.each([
    [0, 800],
    [0.5, 1000],
    [0.999999, 1200],
  ])('varies the wait: random %d gives %d ms', (random, delayMs) => {
    expect(nextRestart([ran(0)], rules, random)).toMatchObject({ delayMs })
  })

  test('forgets what came before a life that was ready for ten minutes', () => {
    const endings = [ran(0), ran(minute), ran(2 * minute), ran(13 * minute, 10 * minute)]
    expect(nextRestart(endings, rules, middle)).toEqual({ kind: 'retry', delayMs: 1000, attempt: 2 })
    expect(nextRestart([...endings, ran(14 * minute)], rules, middle)).toEqual({
      kind: 'retry',
      delayMs: 2000,
      attempt: 3,
    })
  })

  test('gives up at the fifth ending within five minutes', () => {
    const endings = [0, 1, 2, 3, 4].map((at) => ran(at * minute))
    expect(nextRestart(endings.slice(0, 4), rules, middle).kind).toBe('retry')
    expect(nextRestart(endings, rules, middle)).toEqual({ kind: 'crash_loop', exits: 5, spanMs: 4 * minute })
  })

  test('goes on when five endings took more than five minutes', () => {
    const endings = [0, 1.5, 3, 4.5, 6].map((at) => ran(at * minute))
    expect(nextRestart(endings, rules, middle).kind).toBe('retry')
  })

  test('gives up at the third failed start in a row, however far apart', () => {
    const failed = [0, 10, 20].map((at) => failedStart(at * minute))
    expect(nextRestart(failed.slice(0, 2), rules, middle).kind).toBe('retry')
    expect(nextRestart(failed, rules, middle)).toEqual({ kind: 'crash_loop', exits: 3, spanMs: 20 * minute })
    expect(nextRestart([failed[0]!, ran(5 * minute), failed[1]!, failed[2]!], rules, middle).kind).toBe('retry')
  })

  test('never gives up on a network that is down', () => {
    const endings = Array.from({ length: 8 }, (_, index) => ({ ...failedStart(index), isOutside: true }))
    expect(nextRestart(endings, rules, middle)).toEqual({ kind: 'retry', delayMs: 60_000, attempt: 9 })
  })

  test('counts an end with code 0 half', () => {
    const clean = Array.from({ length: 10 }, (_, index) => ({ ...ran(index * 20_000), isClean: true }))
    expect(nextRestart(clean.slice(0, 9), rules, middle).kind).toBe('retry')
    expect(nextRestart(clean, rules, middle)).toEqual({ kind: 'crash_loop', exits: 10, spanMs: 180_000 })
    const starts = Array.from({ length: 6 }, (_, index) => ({ ...failedStart(index * 10 * minute), isClean: true }))
    expect(nextRestart(starts.slice(0, 5), rules, middle).kind).toBe('retry')
    expect(nextRestart(starts, rules, middle).kind).toBe('crash_loop')
  })

  test('holds no end against a server whose cause lay outside, as in the minute after a sleep', () => {
    const slept = Array.from({ length: 4 }, (_, index) => ({ ...ran(index * 1000), isOutside: true }))
    expect(nextRestart([...slept, ran(10_000)], rules, middle)).toMatchObject({ kind: 'retry', attempt: 6 })
  })

  test('never tries again what cannot work', () => {
    expect(nextRestart([{ ...failedStart(0), isPermanent: true }], rules, middle)).toEqual({
      kind: 'fail',
    })
  })

  test('keeps every wait within its bounds, for any history', () => {
    const ending = fc.record({
      atMs: fc.integer({ min: 0, max: 60 * minute }),
      readyMs: fc.option(fc.integer({ min: 0, max: 20 * minute })),
      isPermanent: fc.constant(false),
      isOutside: fc.boolean(),
      isClean: fc.boolean(),
    })
    const history = fc.array(ending, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 0.999, noNaN: true }), (endings, random) => {
        const sorted = endings.toSorted((a, b) => a.atMs - b.atMs)
        const decision = nextRestart(sorted, rules, random)
        if (decision.kind === 'retry') {
          expect(decision.delayMs).toBeGreaterThanOrEqual(800)
          expect(decision.delayMs).toBeLessThanOrEqual(72_000)
        }
      }),
    )
  })
})
