import { expect, test } from 'vitest'
import { Bulkhead } from './bulkhead.ts'

const never = new AbortController().signal

test('lets so many in, has so many wait in order, and refuses the rest', async () => {
  const bulkhead = new Bulkhead({ max: 1, queue: 2 })
  const order: string[] = []
  expect(await bulkhead.enter(never)).toBe('entered')
  const second = bulkhead.enter(never).then(() => order.push('second'))
  const third = bulkhead.enter(never).then(() => order.push('third'))
  expect(await bulkhead.enter(never)).toBe('full')
  bulkhead.leave()
  await second
  bulkhead.leave()
  await third
  expect(order).toEqual(['second', 'third'])
  bulkhead.leave()
  expect(bulkhead.isOpen).toBe(true)
})

test('a call that is cancelled leaves its place in the queue at once', async () => {
  const bulkhead = new Bulkhead({ max: 1, queue: 1 })
  await bulkhead.enter(never)
  const gaveUp = new AbortController()
  const waiting = bulkhead.enter(gaveUp.signal)
  gaveUp.abort()
  expect(await waiting).toBe('cancelled')
  const next = bulkhead.enter(never)
  expect(bulkhead.waiting).toBe(1)
  bulkhead.leave()
  expect(await next).toBe('entered')
})
