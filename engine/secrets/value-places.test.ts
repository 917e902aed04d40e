import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formsOf } from './secret-forms.ts'
import { ValueMatcher } from './value-matcher.ts'
import { ValuePlaces } from './value-places.ts'

const secret = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }).filter((text) => text.trim().length >= 4)
const around = fc.constantFrom('', ' ', 'x', '☃ ', '=', '\t|')

test('every stretch that the matcher finds in a line has a place within it', () => {
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      around,
      around,
      (...drawn) => {
        const [secrets, which, from, to, before, after] = drawn
        const forms = secrets.flatMap(formsOf)
        const form = [...forms[which % forms.length]!]
        const start = from % form.length
        const part = form.slice(start, start + 1 + (to % (form.length - start))).join('')
        // As it comes out of a pipe: whole characters.
        const line = `${before}${start % 2 === 0 ? form.join('') : part}${after}`.toWellFormed()
        const places = new ValuePlaces(secrets).in(Buffer.from(line))
        for (const [spanStart, spanEnd] of new ValueMatcher(secrets).spans(line)) {
          const first = Buffer.byteLength(line.slice(0, spanStart))
          const last = Buffer.byteLength(line.slice(0, spanEnd))
          expect(places.some((place) => place >= first && place < last)).toBe(true)
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a text without any value has hardly a place', () => {
  const places = new ValuePlaces(['hunter2hunter2', 'correct horse battery staple'])
  const lines = Array.from({ length: 5_000 }, (_, index) => `2026-11-22T14:07:15Z INFO request ${index * 7919} served`)
  expect(places.in(Buffer.from(lines.join('\n'))).length).toBeLessThan(5)
})
