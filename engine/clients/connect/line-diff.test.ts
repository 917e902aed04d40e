import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hunksBetween } from './line-diff.ts'

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')

it('shows what is added with three lines around it', () => {
  expect(hunksBetween(text('a', 'b', 'c', 'd', 'e'), text('a', 'b', 'c', 'd', 'new', 'e'))).toEqual([
    {
      before_start: 2,
      after_start: 2,
      lines: [
        { kind: 'same', text: 'b' },
        { kind: 'same', text: 'c' },
        { kind: 'same', text: 'd' },
        { kind: 'added', text: 'new' },
        { kind: 'same', text: 'e' },
      ],
    },
  ])
})

it('parts what lies far apart, and counts lines on both sides', () => {
  const many = Array.from({ length: 30 }, (_, index) => `line ${index}`)
  const changed = ['first', ...many.slice(0, 29), 'last']
  const hunks = hunksBetween(text(...many), text(...changed))
  expect(hunks.map(({ before_start, after_start, lines }) => [before_start, after_start, lines.length])).toEqual([
    [1, 1, 4],
    [27, 28, 5],
  ])
})

it('has nothing to show of equal texts, whatever ends their lines', () => {
  expect(hunksBetween('a\r\nb\r\n', '\uFEFFa\nb\n')).toEqual([])
})

it('always leads from the one text to the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (old, now) => {
      const rebuilt: string[] = [...old]
      for (const hunk of hunksBetween(text(...old), text(...now)).reverse()) {
        const removed = hunk.lines.filter(({ kind }) => kind !== 'added').map((line) => line.text)
        const added = hunk.lines.filter(({ kind }) => kind !== 'removed').map((line) => line.text)
        expect(rebuilt.splice(hunk.before_start - 1, removed.length, ...added)).toEqual(removed)
      }
      expect(rebuilt).toEqual(now)
    }),
  )
})
