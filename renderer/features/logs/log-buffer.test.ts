import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../shared/log.ts'
import { LogBuffer } from './log-buffer.ts'

const line = (seq: number) => ({ seq }) as LogLine
const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => line(from + index))
const held = (buffer: LogBuffer) =>
  Array.from({ length: buffer.length }, (_, index) => buffer.at(buffer.first + index)!.seq)

describe('LogBuffer', () => {
  it('keeps the newest lines up to its cap and counts what goes', () => {
    const buffer = new LogBuffer(5)
    expect([buffer.append(lines(1, 3)), buffer.append(lines(4, 4))]).toEqual([0, 2])
    expect({ held: held(buffer), first: buffer.first, end: buffer.end }).toEqual({
      held: [3, 4, 5, 6, 7],
      first: 2,
      end: 7,
    })
  })

  it('keeps the end of a batch that is larger than itself', () => {
    const buffer = new LogBuffer(3)
    buffer.append(lines(1, 2))
    expect(buffer.append(lines(3, 10))).toBe(9)
    expect({ held: held(buffer), end: buffer.end }).toEqual({ held: [10, 11, 12], end: 12 })
  })

  it('keeps the place of every line when older ones are put before', () => {
    const buffer = new LogBuffer(6)
    buffer.append(lines(10, 3))
    expect(buffer.prepend(lines(5, 5))).toBe(3)
    expect({ held: held(buffer), first: buffer.first, tenth: buffer.at(0)!.seq }).toEqual({
      held: [7, 8, 9, 10, 11, 12],
      first: -3,
      tenth: 10,
    })
  })

  it('finds a line by its number, and the next one where it is missing', () => {
    const buffer = new LogBuffer()
    buffer.append([2, 4, 6, 8].map(line))
    expect([buffer.placeOf(6), buffer.placeOf(5), buffer.placeFrom(5), buffer.placeFrom(9)]).toEqual([2, null, 2, 4])
  })

  it('does what an array would do, in any order of appends and prepends', () => {
    const step = fc.record({ older: fc.boolean(), count: fc.nat(9) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 20 }), (cap, steps) => {
        const buffer = new LogBuffer(cap)
        let model: number[] = []
        let [low, high] = [0, 0]
        for (const { older, count } of steps) {
          if (older) {
            const taken = Math.min(count, cap - model.length)
            // What did not fit was never taken, so the next older page starts right before what is held.
            if (model.length === 0) low = high
            const before = lines(low - count, count)
            expect(buffer.prepend(before)).toBe(taken)
            low -= taken
            model = [...before.slice(count - taken).map((one) => one.seq), ...model]
          } else {
            buffer.append(lines(high, count))
            model = [...model, ...lines(high, count).map((one) => one.seq)].slice(-cap)
            high += count
            low = model[0] ?? high
          }
          expect(held(buffer)).toEqual(model)
        }
      }),
    )
  })
})
