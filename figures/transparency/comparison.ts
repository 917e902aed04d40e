import assert from 'node:assert/strict'
import { readOrdered, writeOrdered } from './ordered-json.ts'

const different = [
  ['{"b":1,"a":2}', '{"a":2,"b":1}'],
  ['{"2":1,"1":2}', '{"1":2,"2":1}'],
  ['{"a":1,"a":1}', '{"a":1}'],
  ['1.0', '1'],
  ['-0', '0'],
  ['12345678901234567890', '12345678901234567891'],
] as const

const same = [' {\t"\\u0061" :\r\n[ ] , "b":{ } , "c" : "\\/" } ', '{"a":[],"b":{},"c":"/"}'] as const

/** That the comparison of this figure can fail, and where it must not. */
export function comparisonTells(): void {
  const told = (text: string): string => writeOrdered(readOrdered(text))
  for (const [one, other] of different) assert.notEqual(told(one), told(other))
  assert.equal(told(same[0]), told(same[1]))
}
