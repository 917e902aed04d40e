import { expect, test } from 'vitest'
import type { Tool } from '../../shared/server.ts'
import { argumentViolations } from './check-arguments.ts'

const tool = (inputSchema?: Record<string, unknown>): Tool => ({ name: 'tool', inputSchema })

const person = tool({
  type: 'object',
  properties: { name: { type: 'string' }, address: { type: 'object', properties: { zip: { type: 'integer' } } } },
  required: ['name'],
})

test('arguments that fit have no violations', () => {
  expect(argumentViolations(person, { name: 'Ada', address: { zip: 1 } })).toEqual([])
})

test('a violation names the innermost place', () => {
  expect(argumentViolations(person, { name: 'Ada', address: { zip: 'x' } }).map(({ path }) => path)).toEqual([
    '/address/zip',
  ])
})

test('a missing property is named', () => {
  const [violation] = argumentViolations(person, {})
  expect(violation?.message).toContain('name')
})

test.each([
  ['no schema', undefined],
  ['a schema that is none', { properties: { anything: { type: 'string', pattern: '(' }, also: 7 }, required: 3 }],
  ['a reference into nowhere', { $ref: '#/$defs/missing' }],
  ['a remote reference, which is never fetched', { $ref: 'https://example.invalid/schema.json' }],
])('%s leaves the verdict to the server', (_, schema) => {
  expect(argumentViolations(tool(schema), { anything: '1' })).toEqual([])
})
