import { expect, it } from 'vitest'
import { keptMessages, TopicRing } from './topic-ring.ts'

const frame = (bytes: number) => Buffer.alloc(bytes)

it('finds what follows a number, over holes in the numbers too', () => {
  const ring = new TopicRing()
  for (const seq of [1, 2, 7, 8]) ring.push({ seq, frame: frame(1) })
  expect([0, 1, 2, 6, 7, 8].map((seq) => ring.following(seq)?.seq)).toEqual([1, 2, 7, 7, 8, undefined])
})

it('keeps the newest, bounded in number and in bytes', () => {
  const many = new TopicRing()
  for (let seq = 1; seq <= keptMessages + 5; seq++) many.push({ seq, frame: frame(1) })
  expect(many.following(0)?.seq).toBe(6)
  const large = new TopicRing()
  for (let seq = 1; seq <= 5; seq++) large.push({ seq, frame: frame(200 * 1024) })
  expect(large.following(0)?.seq).toBe(4)
  large.push({ seq: 6, frame: frame(1024 * 1024) })
  expect(large.following(0)?.seq).toBe(6)
})
