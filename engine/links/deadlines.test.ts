import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Bounded, Deadlines } from './deadlines.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What waits, by its name, and what is over. */
function open() {
  const waiting = new Map<string, Bounded>()
  const over: string[] = []
  const deadlines = new Deadlines(() => waiting.values())
  const wait = (name: string, ms: number): void => {
    const dueAt = performance.now() + ms
    const expire = (): void => {
      waiting.delete(name)
      over.push(name)
    }
    waiting.set(name, { dueAt, expire })
    deadlines.watch(dueAt)
  }
  return { waiting, over, deadlines, wait }
}

test('each that still waits ends when its time is over, and not before, with one timer for all', () => {
  const { waiting, over, wait } = open()
  wait('late', 500)
  wait('soon', 100)
  wait('answered', 50)
  waiting.delete('answered')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(99)
  expect(over).toEqual([])
  vi.advanceTimersByTime(1)
  expect(over).toEqual(['soon'])
  vi.advanceTimersByTime(400)
  expect(over).toEqual(['soon', 'late'])
  expect(vi.getTimerCount()).toBe(0)
})

test('what is put off is looked at again when it is due, even past the longest time that a timer takes', () => {
  const { waiting, over, wait } = open()
  wait('one', 100)
  wait('one', 300)
  vi.advanceTimersByTime(299)
  expect(over).toEqual([])
  vi.advanceTimersByTime(1)
  expect(over).toEqual(['one'])
  wait('far', 2 ** 32)
  vi.advanceTimersByTime(2 ** 31)
  expect([over, waiting.size]).toEqual([['one'], 1])
  vi.advanceTimersByTime(2 ** 31)
  expect(over).toEqual(['one', 'far'])
})

test('nothing ends once it is disposed of', () => {
  const { over, deadlines, wait } = open()
  wait('one', 100)
  deadlines[Symbol.dispose]()
  wait('two', 100)
  vi.advanceTimersByTime(1000)
  expect([over, vi.getTimerCount()]).toEqual([[], 0])
})
