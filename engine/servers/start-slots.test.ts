import { expect, test } from 'vitest'
import { StartSlots } from './start-slots.ts'

const never = new AbortController().signal

test('serves in order, as many side by side as there are places', async () => {
  const slots = new StartSlots(2)
  const order: string[] = []
  const first = await slots.take(never, () => order.push('first queued'))
  const second = await slots.take(never, () => order.push('second queued'))
  const third = slots.take(never, () => order.push('third queued'))
  const fourth = slots.take(never, () => order.push('fourth queued'))
  second[Symbol.dispose]()
  second[Symbol.dispose]()
  const thirdPlace = await third
  order.push('third starts')
  first[Symbol.dispose]()
  const fourthPlace = await fourth
  order.push('fourth starts')
  expect(order).toEqual(['third queued', 'fourth queued', 'third starts', 'fourth starts'])
  thirdPlace[Symbol.dispose]()
  fourthPlace[Symbol.dispose]()
})

test('lets a waiting start go without losing a place', async () => {
  const slots = new StartSlots(1)
  const first = await slots.take(never, () => {})
  const stop = new AbortController()
  const second = slots.take(stop.signal, () => {})
  const third = slots.take(never, () => {})
  stop.abort()
  ;(await second)[Symbol.dispose]()
  first[Symbol.dispose]()
  ;(await third)[Symbol.dispose]()
})

test('passes the place of a slow start on', async () => {
  const slots = new StartSlots(1, 10)
  const slow = await slots.take(never, () => {})
  const next = await slots.take(never, () => {})
  next[Symbol.dispose]()
  slow[Symbol.dispose]()
})
