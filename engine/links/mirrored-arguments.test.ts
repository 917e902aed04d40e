import { expect, test } from 'vitest'
import { mirrorFault } from './mirrored-arguments.ts'

const toolWith = (properties: object) => JSON.parse(JSON.stringify({ name: 't', inputSchema: { properties } }))
const mirrored = (header: unknown, type = 'string') => ({ type, 'x-mcp-header': header })

test('a tool is callable over HTTP where each mirrored argument is plain and has a header of its own', () => {
  expect(mirrorFault(toolWith({ a: mirrored('Region'), b: { properties: { c: mirrored('Zone', 'integer') } } }))).toBe(
    null,
  )
  expect(mirrorFault(toolWith({ a: { type: 'string' } }))).toBe(null)
  expect(mirrorFault({ name: 't' })).toBe(null)
})

test.each([
  ['a line end', { a: mirrored('Region\r\nX-Admin: yes') }, /no name that can be sent/],
  ['an empty name', { a: mirrored('') }, /no name that can be sent/],
  ['a name that is no text', { a: mirrored(7) }, /no name that can be sent/],
  ['an object', { a: mirrored('Region', 'object') }, /no plain value/],
  ['one header twice', { a: mirrored('Region'), b: { properties: { c: mirrored('rEGION') } } }, /two arguments/],
])('a tool that wants %s is not', (_, properties, reason) => {
  expect(mirrorFault(toolWith(properties))).toMatch(reason)
})
