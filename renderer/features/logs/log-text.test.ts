import { expect, it } from 'vitest'
import { cutAtSpans, matchSpans, visibleText } from './log-text.ts'

it('makes control characters visible and leaves colours and tabs alone', () => {
  expect(visibleText('a\u0007b\rc\u007f\td\u001b[31mred')).toBe('a␇b␍c␡\td\u001b[31mred')
})

it('makes characters visible that reorder or hide a text', () => {
  expect(visibleText('a\u202eb\u200bc')).toBe('a‹U+202E›b‹U+200B›c')
  expect(visibleText('a\u061cb')).toBe('a‹U+061C›b')
})

it('finds every occurrence, any case', () => {
  expect(matchSpans('Timeout, timeout', 'TIMEOUT')).toEqual([
    { from: 0, to: 7 },
    { from: 9, to: 16 },
  ])
  expect(matchSpans('aaa', 'aa')).toEqual([{ from: 0, to: 2 }])
  expect(matchSpans('abc', '')).toEqual([])
})

it('marks a match that runs over a change of colour', () => {
  const pieces = [
    { text: 'a tim', color: 'red' },
    { text: 'eout b', color: undefined },
  ]
  expect(cutAtSpans(pieces, matchSpans('a timeout b', 'timeout'))).toEqual([
    { text: 'a ', color: 'red', isMatch: false },
    { text: 'tim', color: 'red', isMatch: true },
    { text: 'eout', color: undefined, isMatch: true },
    { text: ' b', color: undefined, isMatch: false },
  ])
})
