import { expect, test } from 'vitest'
import { toolDifference } from './tool-difference.ts'

const tools = (...names: string[]) => names.map((name) => ({ name, description: 'x' }))

test.each([
  [tools('a', 'b'), tools('b', 'a'), null],
  [tools('a', 'b'), tools('b', 'c'), 'added c; gone: a'],
  [tools('a'), [{ name: 'a', description: 'y' }], 'changed a'],
  [[], tools(...'abcdefghijkl'), 'added a, b, c, d, e, f, g, h, i, j and 2 more'],
])('says how %j differs from %j', (before, now, difference) => {
  expect(toolDifference(before, now)).toBe(difference)
})
