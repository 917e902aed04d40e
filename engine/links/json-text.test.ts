import fc from 'fast-check'
import { expect, test } from 'vitest'
import { edited, membersOf, memberText, offenceIn, onOneLine, outlineOf } from './json-text.ts'

/** JSON as somebody else may write it: with spaces, escapes and numbers of their own. */
const spaced = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'))
  .map(([value, space]) => JSON.stringify({ before: 1e21, value, after: [value] }, null, space))
  .filter((text) => !text.includes('"__proto__"'))

test('members are found where they stand, whatever the spaces between them', () => {
  fc.assert(
    fc.property(spaced, (text) => {
      const read = JSON.parse(text) as Record<string, unknown>
      const found = membersOf(text)
      expect(found.map(({ key }) => key)).toEqual(Object.keys(read))
      for (const { key, start, end } of found) expect(JSON.parse(text.slice(start, end))).toEqual(read[key])
    }),
  )
})

test('one pass over a message finds the same members as two over it and over one of them', () => {
  fc.assert(
    fc.property(spaced, spaced, (params, other) => {
      const text = `{"a" : ${other} ,"params": ${params}\n, "b":[${other}, 1.0]}`
      const members = membersOf(text)
      expect(outlineOf(text, 'params')).toEqual({ members, inner: membersOf(memberText(text, 'params', members)!) })
      expect(outlineOf(text, null)).toEqual({ members, inner: [] })
    }),
  )
  expect(outlineOf('{"params":[1,{"a":2}],"b":{"c":1}}', 'params')).toMatchObject({ inner: [] })
})

test('an edit changes its members and leaves every other character alone', () => {
  const text = '{ "n": 1.0e+2, "s" : "a\\u0062", "deep":{"n":10000000000000000000001}, "last": [1, 2] }'
  expect(edited(text, { s: '"x"' })).toBe(text.replace('"a\\u0062"', '"x"'))
  expect(edited(text, { new: '1' })).toBe(text.replace('[1, 2]', '[1, 2],"new":1'))
  expect(edited(text, { n: undefined })).toBe(text.replace('"n": 1.0e+2, ', ''))
  expect(edited(text, { last: undefined })).toBe(text.replace(', "last": [1, 2]', ''))
  expect(edited(text, { s: undefined, deep: undefined, m: '0' })).toBe('{ "n": 1.0e+2, "last": [1, 2],"m":0 }')
  expect(edited('{}', { a: '1', b: '2' })).toBe('{"a":1,"b":2}')
  expect(edited('{"a":1}', { a: undefined, b: '2' })).toBe('{"b":2}')
  expect(edited('{"a":1,"b":2}', { a: undefined, b: undefined })).toBe('{}')
  expect(memberText(text, 'deep')).toBe('{"n":10000000000000000000001}')
})

test('any edit of any object comes out as the same edit of what it means', () => {
  const keys = ['a', 'b', 'c', 'd', 'e']
  const object = fc.uniqueArray(fc.constantFrom(...keys)).map((names) => names.map((key, index) => [key, index]))
  const changes = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('"x"', '{"y":1}', undefined))
  fc.assert(
    fc.property(object, changes, fc.constantFrom(undefined, 1), (entries, change, space) => {
      const text = JSON.stringify(Object.fromEntries(entries), null, space)
      const expected = JSON.parse(text) as Record<string, unknown>
      for (const [key, value] of Object.entries(change)) {
        if (value === undefined) delete expected[key]
        else expected[key] = JSON.parse(value)
      }
      expect(JSON.parse(edited(text, change))).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

test('repeated keys, in any spelling and at any level, are an offence; the same key in two objects is none', () => {
  expect(offenceIn('{"a":{"b":1,"\\u0062":2}}')).toBe('duplicate_key')
  expect(offenceIn('[{"a":1},{"a":2},["a","a"]]')).toBe(null)
  expect(offenceIn('{"a":"{\\"a\\":1,","b":["a","a"],"c":{"a":{}}}')).toBe(null)
  const many = Array.from({ length: 50 }, (_, index) => `"k${index}":${index}`).join(',')
  expect(offenceIn(`{${many}}`)).toBe(null)
  expect(offenceIn(`{${many},"k3":0}`)).toBe('duplicate_key')
  expect(offenceIn('{"x":{"__proto__":1}}')).toBe('proto_key')
  expect(offenceIn('{"x":{"\\u005f_proto__":1}}')).toBe('proto_key')
  expect(offenceIn('{"x":"__proto__"}')).toBe(null)
  expect(offenceIn('[[[1]]]', 2)).toBe('nested_too_deep')
  expect(offenceIn('[[1],[1]]', 2)).toBe(null)
})

test('no offence is found in what JSON.stringify writes', () => {
  fc.assert(
    fc.property(spaced, (text) => {
      expect(offenceIn(text)).toBe(null)
    }),
  )
})

test('a text on one line means the same', () => {
  const text = JSON.stringify({ a: ['x\ny', 1] }, null, 2)
  expect(onOneLine(text)).not.toContain('\n')
  expect(JSON.parse(onOneLine(text))).toEqual(JSON.parse(text))
})
