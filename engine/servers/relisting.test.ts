import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Relisting } from './relisting.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

test('asks at once, then once for all that changed in the next two seconds', async () => {
  const asked: string[] = []
  const times: number[] = []
  using relisting = new Relisting(2000, async (changes) => {
    asked.push([...changes.keys()].join(' '))
    times.push(...changes.values())
  })
  relisting.changed('tools')
  await vi.advanceTimersByTimeAsync(0)
  for (let count = 0; count < 10_000; count++) relisting.changed(count % 2 === 0 ? 'prompts' : 'tools')
  await vi.advanceTimersByTimeAsync(1999)
  expect(asked).toEqual(['tools'])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toEqual(['tools', 'prompts tools'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(2)
  expect(times).toEqual([1, 5000, 5000])
})

test('never asks twice at the same time, and forgets nothing meanwhile', async () => {
  const answers: (() => void)[] = []
  using relisting = new Relisting(2000, () => new Promise((resolve) => answers.push(resolve)))
  relisting.changed('tools')
  await vi.advanceTimersByTimeAsync(0)
  relisting.changed('tools')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(answers).toHaveLength(1)
  answers[0]!()
  await vi.advanceTimersByTimeAsync(0)
  expect(answers).toHaveLength(2)
})

test('asks nothing once it is over', async () => {
  const asked: unknown[] = []
  const relisting = new Relisting(2000, async (kinds) => void asked.push(kinds))
  relisting.changed('tools')
  relisting[Symbol.dispose]()
  relisting.changed('tools')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toEqual([])
})
