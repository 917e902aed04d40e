import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WaitingRecords } from './waiting-records.ts'

type Step = { add: number } | 'hand out' | 'take'

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.constantFrom(1, 1000, 100_000, 300_000) }),
  fc.constantFrom('hand out' as const, 'take' as const),
)

test('whatever is handed out and taken in between, records come out once, whole and in their order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const waiting = new WaitingRecords()
      const added: string[] = []
      const taken: string[] = []
      let handedOut: ReturnType<WaitingRecords['first']> = null
      const take = (): void => {
        if (handedOut === null) return
        const lines = Buffer.from(handedOut.lines).toString().split('\n').slice(0, -1)
        expect(lines).toHaveLength(handedOut.count)
        taken.push(...lines)
        waiting.taken()
        handedOut = null
      }
      for (const one of steps) {
        if (one === 'take') take()
        else if (one === 'hand out') handedOut = waiting.first()
        else {
          const line = `${added.length} `.padEnd(one.add, 'x')
          added.push(line)
          waiting.add(Buffer.from(`${line}\n`), 1)
        }
      }
      for (; !waiting.isEmpty; take()) handedOut = waiting.first()
      expect(taken).toEqual(added)
      expect(waiting.bytes).toBe(0)
    }),
  )
})
