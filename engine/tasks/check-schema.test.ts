import { expect, test } from 'vitest'
import { hasKnownTypes } from './check-schema.ts'

test.each([
  [{ type: 'object', properties: { a: { type: 'string' }, type: { type: ['integer', 'null'] } } }, true],
  [{ type: 'object', properties: { a: { type: 'banana' } } }, false],
  [{ type: 'object', properties: { a: { anyOf: [{}, { items: { type: ['string', 'date'] } }] } } }, false],
  [{ $defs: { deep: { not: { type: 7 } } } }, false],
  [{ type: 'object', properties: { a: { enum: [{ type: 'banana' }], default: { type: 'banana' } } } }, true],
  [true, true],
])('knows of %j whether its types are: %s', (schema, isKnown) => {
  expect(hasKnownTypes(schema)).toBe(isKnown)
})
