import fc from 'fast-check'

const spaces = fc.constantFrom('', '', '', ' ', '\t', '  ', '\n', '\r\n')
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.constantFrom('0', '-0', '1.0', '1.10', '1e5', '1E+05', '1e400', '-1.50e-10', '12345678901234567890', '0.1e1'),
)
/** Every way to write one and the same letter. */
const spellings = fc.constantFrom(
  'a',
  '\\u0061',
  '\\/',
  '\\u00e9',
  'é',
  '\\ud83d\\ude00',
  '😀',
  '\\ud800',
  '\u2028',
  '\\u0000',
)
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((value) => JSON.stringify(value)),
  fc.array(spellings, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`),
)
const keys = fc.oneof(
  fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
  // What objects of JavaScript treat apart: inherited names, and numbers, which they sort.
  fc.constantFrom('constructor', 'toString', '10', '2', '', 'id', 'jsonrpc', 'method', '_meta', 'result', 'prototype'),
)
const words = fc.constantFrom('true', 'false', 'null')

const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    words,
    numbers,
    strings,
    fc
      .tuple(spaces, fc.array(tie('value'), { maxLength: 4 }))
      .map(([space, items]) => `[${space}${items.join(`${space},`)}${space}]`),
    tie('object'),
  ),
  object: fc
    .tuple(spaces, fc.uniqueArray(fc.tuple(keys, tie('value')), { maxLength: 4, selector: ([key]) => key }))
    .map(([space, members]) => objectText(members, space)),
}))

/** Text of any JSON value: every spelling of numbers and strings, keys in any order, space between tokens. */
export const anyJson = json.value
export const anyObject = json.object

export function objectText(members: readonly (readonly [key: string, text: string])[], space = ''): string {
  return `{${space}${members.map(([key, text]) => `${JSON.stringify(key)}${space}:${text}`).join(`,${space}`)}${space}}`
}

/** Members whose keys are none of some. */
export function anyMembers(...taken: readonly string[]): fc.Arbitrary<[key: string, text: string][]> {
  return fc
    .uniqueArray(fc.tuple(keys, anyJson), { maxLength: 3, selector: ([key]) => key })
    .map((members) => members.filter(([key]) => !taken.includes(key)))
}
