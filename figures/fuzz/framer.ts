import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Frame, Framer } from '../../engine/links/framer.ts'
import { readText } from '../../engine/links/read-message.ts'
import type { Property } from './property.ts'

const message = fc.record({ jsonrpc: fc.constant('2.0'), id: fc.nat(), result: fc.jsonValue({ maxDepth: 4 }) })

/** A line that nobody could take for a message. */
const noise = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `# ${text.replaceAll(/[\n{[]/g, '')}`)

const line = fc.oneof({ weight: 3, arbitrary: message }, { weight: 1, arbitrary: noise })
const stream = fc.record({
  lines: fc.array(line, { maxLength: 8 }),
  end: fc.constantFrom('\n', '\r\n'),
  hasMark: fc.boolean(),
  cuts: fc.array(fc.nat(400), { maxLength: 20 }),
})

export const framer: Property = {
  name: 'framer: any messages, any chunks, any noise give the same messages in order',
  share: 6,
  run(runs, watch) {
    fc.assert(
      fc.property(stream, ({ lines, end, hasMark, cuts }) => {
        const texts = lines.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
        const bytes = Buffer.from((hasMark ? '\ufeff' : '') + texts.map((text) => text + end).join(''))
        const frames = watch.input(() => framesOf(chunksOf(bytes, cuts), 1_000_000))
        const messages = frames.flatMap((frame) => (frame.kind === 'line' ? readText(frame.text) : []))
        const found = messages.flatMap((inbound) => (inbound.kind === 'message' ? [inbound.message] : []))
        const sent = lines.filter((item) => typeof item !== 'string')
        assert.deepEqual(found, JSON.parse(JSON.stringify(sent), withoutProto))
      }),
      runs,
    )
  },
}

export const framerLimit: Property = {
  name: 'framer: any bytes under any limit: no line over it, nothing thrown, the next line is read',
  share: 4,
  run(runs, watch) {
    const bytes = fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(Buffer.from('{"jsonrpc":"2.0",'))))
    fc.assert(
      fc.property(bytes, fc.integer({ min: 32, max: 300 }), (chunks, limit) => {
        const last = Buffer.from('\n{"jsonrpc":"2.0","id":7}\n')
        const frames = watch.input(() => framesOf([...chunks.map((chunk) => Buffer.from(chunk)), last], limit))
        for (const frame of frames) {
          if (frame.kind === 'line') {
            // A byte that is no UTF-8 becomes one character of three.
            assert.ok(Buffer.byteLength(frame.text) <= 3 * limit)
            readText(frame.text)
          }
        }
        const read = frames.at(-1)
        assert.ok(read?.kind === 'line' && read.isUtf8 && read.text === '{"jsonrpc":"2.0","id":7}')
      }),
      runs,
    )
  },
}

function framesOf(chunks: readonly Buffer[], maxBytes: number): Frame[] {
  const frames: Frame[] = []
  const framer = new Framer(maxBytes, (frame) => frames.push(frame))
  for (const chunk of chunks) framer.push(chunk)
  framer.end()
  return frames
}

function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place))
}

function withoutProto(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
    Reflect.deleteProperty(value, '__proto__')
  }
  return value
}
