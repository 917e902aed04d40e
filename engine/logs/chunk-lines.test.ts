import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChunkLines } from './chunk-lines.ts'
import { LineSplitter } from './line-splitter.ts'

const pieces = fc.constantFrom('a line', '\n', '\r\n', '\r', '\n\n', 'ü', '😀', '\ufeff', '\u0000', 'x'.repeat(70_000))
const bytes = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map((some) => Buffer.from(some.join(''))),
  fc.uint8Array({ maxLength: 12 }).map((some) => Buffer.from(some)),
)
const cuts = fc.array(fc.nat(200), { maxLength: 8 })

test('gives the lines of the splitter, whatever the bytes and however they are cut', () => {
  fc.assert(
    fc.property(bytes, cuts, (whole, at) => {
      const splitter = new LineSplitter()
      const expected = [...splitter.push(whole), ...splitter.end()]
      const chunks = new ChunkLines()
      const texts: Buffer[] = []
      let start = 0
      for (const cut of [...at, whole.length]) {
        // Each chunk owns its bytes, as it does when it comes from a pipe.
        texts.push(...chunks.push(Uint8Array.from(whole.subarray(start, start + cut))))
        start += cut
      }
      texts.push(...chunks.end())
      const lines = texts.flatMap((text) => text.toString().split('\n'))
      expect(lines).toEqual(expected)
    }),
    { numRuns: 2_000 },
  )
})
