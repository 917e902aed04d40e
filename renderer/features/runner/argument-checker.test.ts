import { afterEach, expect, test, vi } from 'vitest'
import { ArgumentChecker, type CheckingThread } from './argument-checker.ts'
import { argumentErrors } from './argument-errors.ts'
import type { ArgumentQuestion } from './argument-worker.ts'

afterEach(() => void vi.useRealTimers())

/** A thread by hand, since workers are a browser's; `answer` lets it answer the oldest question. */
class HandThread implements CheckingThread {
  readonly asked: ArgumentQuestion[] = []
  isEnded = false
  onmessage: CheckingThread['onmessage'] = null
  onerror: CheckingThread['onerror'] = null
  postMessage(question: ArgumentQuestion): void {
    this.asked.push(question)
  }
  terminate(): void {
    this.isEnded = true
  }
  say(data: unknown): void {
    this.onmessage?.call(this as unknown as Worker, { data } as MessageEvent)
  }
  answer(): void {
    const { number, schema, value } = this.asked.shift()!
    this.say({ number, errors: argumentErrors(schema, value) })
  }
}

function withThreads() {
  const threads: HandThread[] = []
  const checker = new ArgumentChecker(() => {
    const thread = new HandThread()
    threads.push(thread)
    return thread
  })
  return { threads, checker }
}

const schema = { type: 'object', properties: { n: { type: 'integer' } } }

test('answers the newest question, and none that was overtaken before it was begun', async () => {
  const { threads, checker } = withThreads()
  const first = checker.check(schema, { n: 'x' })
  const second = checker.check(schema, { n: 1.5 })
  const third = checker.check(schema, { n: 1 })
  threads[0]!.say({ number: 0, errors: null })
  threads[0]!.answer()
  threads[0]!.answer()
  expect(await first).toMatchObject({ kind: 'checked', errors: [{ path: ['n'] }] })
  expect(await second).toBeNull()
  expect(await third).toEqual({ kind: 'checked', errors: [] })
  expect(threads.length).toBe(1)
})

test('ends a check that takes too long, does not try that schema again, and goes on with others', async () => {
  vi.useFakeTimers()
  const { threads, checker } = withThreads()
  const slow = checker.check(schema, {})
  vi.advanceTimersByTime(60_000)
  // The start of the thread does not count.
  expect(threads[0]!.isEnded).toBe(false)
  threads[0]!.say({ number: 0, errors: null })
  vi.advanceTimersByTime(1_000)
  expect(await slow).toEqual({ kind: 'given_up' })
  expect(threads[0]!.isEnded).toBe(true)
  expect(await checker.check(schema, { n: 1 })).toEqual({ kind: 'given_up' })
  const other = checker.check({ type: 'object' }, {})
  threads[1]!.say({ number: 0, errors: null })
  threads[1]!.answer()
  expect(await other).toEqual({ kind: 'checked', errors: [] })
})
