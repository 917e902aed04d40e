import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf } from '../../shared/app-error.ts'
import { SseParser } from './sse-reader.ts'

test('any events, with any line ends in any chunks, come out whole and in order', () => {
  const data = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text))
  const end = fc.constantFrom('\n', '\r', '\r\n')
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(fc.array(data, { minLength: 1, maxLength: 3 })), end, sizes, (events, lineEnd, chunks) => {
      const text = events.map((lines) => lines.map((line) => `data: ${line}${lineEnd}`).join('') + lineEnd).join('')
      const parser = new SseParser(10_000)
      const found: string[] = []
      for (let from = 0, turn = 0; from < text.length; turn++) {
        const to = from + chunks[turn % chunks.length]!
        found.push(...parser.push(text.slice(from, to)).map((event) => event.data))
        from = to
      }
      expect(found).toEqual(events.map((lines) => lines.join('\n')))
    }),
  )
})

test('types, ids and comments are read as the standard says', () => {
  const text = ': comment\nid: 1\nevent: endpoint\ndata:/a\n\ndata\n\nretry: 5\n\ndata: {"a":1}\n\n'
  expect(new SseParser(1000).push(text)).toEqual([
    { type: 'endpoint', data: '/a', id: '1' },
    { type: 'message', data: '', id: '1' },
    { type: 'message', data: '{"a":1}', id: '1' },
  ])
})

test('an event over the limit is refused though it never ends', () => {
  const parser = new SseParser(100)
  const push = () => parser.push('data: 0123456789\n')
  const codes = new Set<string>()
  for (let count = 0; count < 20; count++) {
    try {
      push()
    } catch (error) {
      codes.add(failureOf(error).code)
    }
  }
  expect([...codes]).toEqual(['message_too_long'])
})
