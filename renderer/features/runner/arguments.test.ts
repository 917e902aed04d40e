import { expect, it } from 'vitest'
import { readArguments, withValue } from './arguments.ts'

it('sets and takes away values at any depth', () => {
  const before = { a: { list: [{ x: 1 }, { x: 2 }] }, b: {} }
  const after = withValue(before, ['a', 'list', 1, 'x'], 3) as typeof before
  expect(after).toEqual({ a: { list: [{ x: 1 }, { x: 3 }] }, b: {} })
  expect(after.b).toBe(before.b)
  expect(withValue(before, ['a', 'list', 0], undefined)).toEqual({ a: { list: [{ x: 2 }] }, b: {} })
  expect(withValue(before, ['a'], undefined)).toEqual({ b: {} })
  expect(withValue({}, ['new', 'list', 0], 'x')).toEqual({ new: { list: ['x'] } })
})

it('reads an object and nothing else', () => {
  expect(['{"a":1}', '', '[1]', 'null', '{"a":'].map(readArguments)).toEqual([{ a: 1 }, {}, null, null, null])
})
