import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordDiff } from './word-diff.ts'

it('keeps the words that stayed and marks those that came and went', () => {
  expect(wordDiff('Reads a file', 'Reads a secret file now')).toEqual([
    { kind: 'same', text: 'Reads a ' },
    { kind: 'new', text: 'secret ' },
    { kind: 'same', text: 'file' },
    { kind: 'new', text: ' now' },
  ])
})

it('gives both texts again, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '\u200b') }), fc.string(), (before, after) => {
      const parts = wordDiff(before, after)
      const without = (kind: string): string =>
        parts
          .filter((part) => part.kind !== kind)
          .map(({ text }) => text)
          .join('')
      expect([without('new'), without('gone')]).toEqual([before, after])
    }),
  )
})
