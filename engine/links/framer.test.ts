import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Frame, Framer } from './framer.ts'
import { LineJoiner } from './line-joiner.ts'
import { readText } from './read-message.ts'

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = []
  let from = 0
  for (let turn = 0; from < bytes.length; turn++) {
    const to = from + (sizes[turn % sizes.length] ?? 1)
    chunks.push(bytes.subarray(from, to))
    from = to
  }
  return chunks
}

/** The messages and the noise in a byte stream that comes in these chunks. */
function read(chunks: Buffer[], maxBytes = 1_000_000) {
  const messages: unknown[] = []
  const noise: string[] = []
  const joiner = new LineJoiner(maxBytes)
  const framer = new Framer(maxBytes, (frame: Frame) => {
    if (frame.kind !== 'line') return
    for (const text of joiner.take(frame.text)) {
      for (const inbound of readText(text)) {
        if (inbound.kind === 'message') messages.push(inbound.message)
        if (inbound.kind === 'noise') noise.push(inbound.text)
      }
    }
  })
  for (const chunk of chunks) framer.push(chunk)
  framer.end()
  return { messages, noise }
}

// Keys that are set apart by the protocol or by JavaScript have tests of their own.
const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text !== '__proto__')
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value
const message = fc.record(
  { jsonrpc: fc.constant('2.0'), id: fc.nat(), result: fc.dictionary(key, json, { noNullPrototype: true }) },
  { noNullPrototype: true },
)
const noiseLine = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((line) => !/[\r\n{[]/.test(line) && line.trim() !== '' && !line.startsWith('\ufeff'))
const line = fc.oneof(
  { weight: 3, arbitrary: message.map((value) => ({ message: value as unknown, noise: null })) },
  { weight: 1, arbitrary: noiseLine.map((noise) => ({ message: null, noise })) },
)
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 })
const lineEnd = fc.constantFrom('\n', '\r\n')

test('any messages among any noise in any chunks come out whole and in order', () => {
  fc.assert(
    fc.property(fc.array(line), sizes, lineEnd, fc.boolean(), (lines, chunks, end, hasMark) => {
      const body = lines.map((entry) => (entry.noise ?? JSON.stringify(entry.message)) + end).join('')
      const { messages, noise } = read(cut(Buffer.from((hasMark ? '\ufeff' : '') + body), chunks))
      expect(messages).toEqual(lines.filter((entry) => entry.noise === null).map((entry) => entry.message))
      expect(noise).toEqual(lines.map((entry) => entry.noise).filter((text) => text !== null))
    }),
    { numRuns: 300 },
  )
})

test('any text glued before any message on its line loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(noiseLine, message)), sizes, (pairs, chunks) => {
      const body = pairs.map(([noise, value]) => `${noise}${JSON.stringify(value)}\n`).join('')
      const { messages, noise } = read(cut(Buffer.from(body), chunks))
      expect(messages).toEqual(pairs.map(([, value]) => value))
      expect(noise).toEqual(pairs.map(([text]) => text))
    }),
  )
})

test('any message printed over several lines is put together again', () => {
  fc.assert(
    fc.property(fc.array(message), sizes, (values, chunks) => {
      const body = values.map((value) => `${JSON.stringify(value, null, 2)}\n`).join('')
      expect(read(cut(Buffer.from(body), chunks))).toEqual({ messages: values, noise: [] })
    }),
  )
})

test('any bytes at all, in any chunks, do no harm and keep the memory bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      const kinds = new Set<string>()
      const framer = new Framer(100, (frame) => {
        kinds.add(frame.kind)
        if (frame.kind === 'line') expect(readText(frame.text)).toBeInstanceOf(Array)
      })
      for (const chunk of chunks) framer.push(Buffer.from(chunk))
      framer.end()
      expect(framer.pendingBytes).toBe(0)
    }),
  )
})

test.each([
  { text: '{"jsonrpc":"2.0","id":7,"result":{"x":"', id: 7, when: 'at the limit' },
  { text: '{"id":"a-7","result":{"x":"', id: 'a-7', when: 'at the limit' },
])('a line over the limit that begins with its id is told $when', ({ text, id }) => {
  const frames: Frame[] = []
  const framer = new Framer(100, (frame) => frames.push(frame))
  framer.push(Buffer.from(text + 'x'.repeat(100)))
  expect(frames).toMatchObject([{ kind: 'oversize', id }])
  framer.push(Buffer.from('"}}\n{"next":1}\n'))
  expect(frames.slice(1)).toMatchObject([{ kind: 'line', text: '{"next":1}' }])
})

test('the id of a line over the limit is not taken from inside its result', () => {
  const frames: Frame[] = []
  const framer = new Framer(100, (frame) => frames.push(frame))
  framer.push(Buffer.from(`{"result":{"x":"${'x'.repeat(100)}","id":5}}\n`))
  framer.push(Buffer.from(`{"result":{"id":5,"x":"${'x'.repeat(100)}"},"jsonrpc":"2.0","id":6}\n`))
  expect(frames).toMatchObject([{ id: null }, { id: 6 }])
})

test('a long line in a million small chunks is joined once', () => {
  const lines: number[] = []
  const framer = new Framer(2_000_000, (frame) => lines.push(frame.kind === 'line' ? frame.text.length : -1))
  const chunk = Buffer.from('x')
  for (let count = 0; count < 1_000_000; count++) framer.push(chunk)
  framer.push(Buffer.from('\n'))
  expect(lines).toEqual([1_000_000])
})

test('a line of thousands of openings is sorted without reading it anew for each', () => {
  const text = '{"jsonrpc"'.repeat(100_000)
  expect(readText(text).map((inbound) => inbound.kind)).toContain('broken')
})

test('a line far over the limit is told to be endless, once', () => {
  const frames: Frame[] = []
  const framer = new Framer(100, (frame) => frames.push(frame))
  for (let sent = 0; sent < 100; sent++) framer.push(Buffer.from('x'.repeat(100)))
  expect(frames).toEqual([{ kind: 'endless', bytes: 3300 }])
})
