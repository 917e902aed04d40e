import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePart, forRouter, splitHash } from './hash-parts.ts'

test.each([
  ['', { path: '/', search: '' }],
  ['#', { path: '/', search: '' }],
  ['#/servers', { path: '/servers', search: '' }],
  ['#servers?q=a', { path: '/servers', search: 'q=a' }],
  ['#/tasks?q=a?b', { path: '/tasks', search: 'q=a?b' }],
])('splits %s', (hash, parts) => {
  expect(splitHash(hash)).toEqual(parts)
})

test('any name of a server comes back from the address as it was', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
      const { path } = splitHash(`#/servers/${encodeURIComponent(name)}`)
      // What the router does to a path before it matches.
      const seen = decodeURI(forRouter(path))
      expect(decodePart(seen.slice('/servers/'.length))).toBe(name)
    }),
  )
})

test('takes a part that is no escape as it stands', () => {
  expect(decodePart('100%')).toBe('100%')
})
