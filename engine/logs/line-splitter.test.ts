import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function split(chunks: Uint8Array[], maxLength?: number): string[] {
  const splitter = new LineSplitter(maxLength === undefined ? {} : { maxLength })
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()]
}

test('lines end in LF or CRLF, and the last one needs no end', () => {
  expect(split([bytes('one\ntwo\r\n\nfour')])).toEqual(['one', 'two', '', 'four'])
  expect(split([bytes('one\n')])).toEqual(['one'])
  expect(split([])).toEqual([])
})

test('a byte order mark is no part of the first line', () => {
  expect(split([bytes('\ufefffirst\n\ufeffsecond\n')])).toEqual(['first', '\ufeffsecond'])
})

test('a lone carriage return stays in its line', () => {
  expect(split([bytes('10%\r20%\r100%\r\n')])).toEqual(['10%\r20%\r100%'])
})

test('what is no UTF-8 is visible and harms nothing after it', () => {
  expect(split([Uint8Array.of(0x61, 0xff, 0x0a, 0x62, 0xe2, 0x82)])).toEqual(['a\ufffd', 'b\ufffd'])
})

test('a line of exactly the limit is whole, a longer one says how much is missing', () => {
  expect(split([bytes('12345\r\n123456\n')], 5)).toEqual(['12345', '12345 … [1 more characters cut]'])
  expect(split([bytes('1234😀\n')], 5)).toEqual(['1234 … [2 more characters cut]'])
})

test('an endless line keeps no more than its start', () => {
  const splitter = new LineSplitter({ maxLength: 10 })
  const chunk = bytes('x'.repeat(1000))
  for (let count = 0; count < 1000; count++) expect(splitter.push(chunk)).toEqual([])
  expect(splitter.push(bytes('\nnext\n'))).toEqual([`${'x'.repeat(10)} … [999990 more characters cut]`, 'next'])
})

const pieces = fc.constantFrom('a', 'é', '€', '😀', '\n', '\r', '\r\n', '\ufeff', '\u0000', 'line')
const noise = fc.uint8Array({ maxLength: 3 })
const streams = fc
  .array(fc.oneof(pieces.map(bytes), noise), { maxLength: 60 })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))

test('any chunking gives the same lines', () => {
  const chunkings = fc.tuple(streams, fc.array(fc.nat(200), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }))
  fc.assert(
    fc.property(chunkings, ([stream, cuts, maxLength]) => {
      const ends = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b)
      const chunks = ends.map((end, index) => stream.slice(ends[index - 1] ?? 0, end))
      expect(split(chunks, maxLength)).toEqual(split([stream], maxLength))
    }),
    { numRuns: 1000 },
  )
})

test('without a limit in the way, the lines are those of a plain split', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^\n\r\ufeff]*$/), { maxLength: 20 }), (lines) => {
      expect(split([bytes(lines.map((line) => `${line}\n`).join(''))])).toEqual(lines)
    }),
  )
})
