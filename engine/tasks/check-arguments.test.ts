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

test.each([
  ['a pattern that doubles with every letter', { type: 'string', pattern: '^(a+)+$' }],
  ['a name pattern that does', { patternProperties: { '(a|aa)+$': { type: 'string' } } }],
  ['references that double with every step', webOf(40)],
])('%s is cut off, and the verdict left to the server', (_, field) => {
  const hostile = tool({ ...field, properties: { text: field } })
  const parameters = { text: `${'a'.repeat(60)}!`, [`${'a'.repeat(60)}!`]: 1 }
  expect(argumentViolations(hostile, parameters)).toEqual([])
})

test('a pattern that behaves is still checked', () => {
  const code = tool({ type: 'object', properties: { code: { type: 'string', pattern: '^[A-Z]{3}$' } } })
  expect(argumentViolations(code, { code: 'ABC' })).toEqual([])
  expect(argumentViolations(code, { code: 'abc' }).map(({ path }) => path)).toEqual(['/code'])
})

/** A schema of so many steps, each with two ways to the next. */
function webOf(steps: number): Record<string, unknown> {
  const ways = (step: number) => ({ anyOf: [{ $ref: `#/$defs/s${step}` }, { $ref: `#/$defs/s${step}` }] })
  const defs = Array.from({ length: steps }, (_, step) => [`s${step}`, step === 0 ? { type: 'null' } : ways(step - 1)])
  return { ...ways(steps - 1), $defs: Object.fromEntries(defs) }
}
